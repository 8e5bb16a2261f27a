"""Words that say something about a noun, by what they say, in many languages."""

from __future__ import annotations

# What is said of a noun. Words are folded: lower case, without accents.
MODIFIERS: dict[str, str] = {
    "long": """
        long longue lange langer langes larga largo lunga lungo lang dlouhy dlouha dlugi dluga
        full ext complete completa completo completa detailed detail detaillee detaillierte
        detallada
        dettagliata dettagliato estesa esteso extended extensa ampliada ampliado amplia extendida
        volledige uitgebreide pelny pelna szczegolowy podrobny podrobne rozszerzony utokad
        utvidet pitka hosszu lunga detaliata uzun detayli подробное полное развернутое 詳細 详细
        ausfuhrliche ausfuhrlich technische marketing
        """,
    "short": """
        short brief courte court court courts kurz kurze kurzer corta corto breve kort korte
        krotki
        krotka skrocony kratky kratka strucny lyhyt rovid scurta scurt kisa kratak краткое
        короткое
        краткий summary teaser 短い 简短 short
        """,
    "sell": """
        sales selling retail consumer public customer vk verkauf verkaufs vente venta vendita
        verkoop verkoops sprzedazy detaliczna prodejni predajna koncova forsaljning forsaljnings
        salgs utsalgs venda myynti eladasi fogyasztoi vanzare satis prodajna maloprodajna
        розничная
        продажи πωλησης 販売 销售 零售 판매 recommended suggested
        empfohlener empfohlene recommande conseille recomendado
        consigliato aanbevolen advies sugerowana doporucena vejledende vejl veiledende rekommenderat
        list listino listen lista catalogue catalog katalog
        katalogowa unit unitaire unitario unitaria stuk stuck standard regular normal normale
        ordinarie base tarif
        """,
    "buy": """
        buy buying purchase purchasing wholesale supplier trade dealer handler haendler reseller
        revendeur landed ek einkauf einkaufs achat
        compra coste costo acquisto inkoop inkoops zakupu nakupni nakupna inkop inkops indkobs
        innkjops custo osto beszerzesi achizitie alis nabavna закупочная закупки αγορας 仕入 进货
        采购 매입
        """,
    "promo": """
        sale special offer discount discounted promo promotional promotion reduced deal action
        angebot angebots aktion aktions sonder rabatt promotionnel promotionnelle solde remise
        oferta rebajado rebaja promocional descuento promozionale scontato offerta actie
        aanbieding aanbiedings korting kortings promocyjna akcni akcia kampanj kampanje tilbud
        tilbuds rea tarjous akcios redus promotional indirimli indirim kampanya akcijska акционная
        скидкой скидка προσφορας 特価 促销 セール 할인
        """,
    "net": "net netto neto netta nette nettes liquido liquida нетто 净 正味",
    "gross": "gross brutto bruto brut brute lordo lorda bruta брутто 毛 総",
    "taxed": """
        incl inkl including included inclus incluse incluido incluida incluso inclusa ttc inc
        inkludert dahil ivato sis vc
        """,
    "untaxed": """
        excl exkl exc eks uten excluding excluded ex ht hors exclus sin zonder utan bez haric
        senza fara sans
        without uden ohne ilman sem brez be
        """,
    "tax": """
        tax taxes vat mwst ust mehrwertsteuer mva ddv pvm gst ppn igv tva iva btw dph moms alv
        afa kdv pdv ндс φπα 税
        """,
    "maker": """
        manufacturer manufacturers manufacturing maker producer supplier vendor oem hersteller
        herstellers lieferant lieferanten fabricant constructeur fournisseur fabricante proveedor
        produttore fornitore fabbricante fabrikant leverancier producenta dostawcy vyrobce
        dodavatele tillverkare tillverkarens leverantor leverandor produsent valmistajan gyartoi
        producator uretici proizvodaca производителя поставщика mfr mfg 厂家 メーカー
        """,
    "code": """
        nr code id ref reference codigo codice cod kod kodu koodi kode kood код 番号 编码 编号
        コード num part identifier referencia riferimento indeks symbol kodas artnr artno sku
        """,
    "name": """
        name names nom nombre nome naam nazwa nazev nazov namn navn nimi nev adi ad isim denumire
        naziv bezeichnung libelle lib designation titel title titre titulo titolo denominazione
        denominacion
        название имя наименование ονομα 名 名称 名前 이름 명
        """,
    "text": """
        text copy webtekst webtext texto texte testo tekst txt content teksti szoveg metin текст
        """,
    "main": """
        main primary first cover default haupt principal principale hoofd hlavni glowne glowny
        huvud hoved paa fo ana glavna главное основное メイン 主 대표 메인 головне
        """,
    "flag": """
        flag kz kennz kennzeichen indicator ind yn jn is ist est esta tak znacznik priznak whether
        是否 status state
        """,
    "link": """
        url urls link links src href address adresse adres lien enlace liga collegamento odkaz
        lank
        linkki ссылка 链接 リンク 링크 uri web
        """,
    "warehouse": """
        warehouse magazine magazzino magazyn magazynowy magazynie lager lagers depot almacen
        deposito sklad skladu skladem magazijn varasto raktar depo skladiste склад складе 仓库 倉庫
        """,
    "on_hand": """
        available disponible disponibile disponivel verfugbar verfugbarer beschikbaar dostepny
        dostepna dostupny tillganglig hand dispo atual attuale reel reelle real fisico physique
        current actual aktueller akt frei freier free
        physical
        реальный текущий доступно
        """,
    "quantity": """
        qty quantity qte cantidad menge anzahl adedi adet miktari miktar ilosc mnozstvi pocet
        antal
        aantal maara mennyiseg cantitate kolicina quantita quantidade quantite
        количество 数 数量 수량 pieces stk pcs szt ks kpl level count
        """,
}

# Short, bent or abbreviated nouns that stand beside others: by what they name.
MORE_NOUNS: dict[str, str] = {
    "price": "prijs preis prix px pr precio prezzo cena pris preco hinta ar pret fiyat fiyati "
    "cijena цена τιμη 价 价格 価格 가격",
    "quantity": "stock stok stan bestand voorraad existencias giacenza 库存 在庫",
    "description": "descriptif desc descr omschrijving opis popis",
    "weight": "gew poids peso waga vikt вес 重量",
    "category": "cat kat rubrik rubrique rubro famille famiglia familia warengr wgr "
    "группа раздел 类目 分类",
    "color": "farb coul couleur",
    "active": "aktiv actif activo attivo ativo actief aktywny aktivni online visible sichtbar "
    "zichtbaar visibile widoczny viditelny synlig gorunur 上架 公開 published publie publicado "
    "pubblicato opublikowany enabled",
}  # fmt: skip
