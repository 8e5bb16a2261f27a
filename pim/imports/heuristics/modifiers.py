"""Words that say something about a noun, by what they say, in many languages."""

from __future__ import annotations

# What is said of a noun. Words are folded: lower case, without accents.
MODIFIERS: dict[str, str] = {
    "seo": """
        seo meta tag metadata search suchmaschine suchmaschinen google serp метa мета ميتا
        """,
    "rate": """
        rate satz sats likme tarief tarifa tarifas stopa kulcs kanta cota oran orani sazba sadzba
        stawka taux tipo aliquota ставка 率 税率 percent percentage prozent class klasse klass
        luokka
        klasa osztaly classe clase clasa sinifi κλαση שיעור نسبة likme maar suat merkki
        kennzeichen tarif tarife
        """,
    "more": """
        more additional other extra further alternative alternate weitere zusatz autres
        supplementaires secondaires adicionales otras adicionais outras aggiuntive altre overige
        dodatkowe pozostale dalsi dalsie fler flere ekstra lisa tovabbi suplimentare diger
        дополнительные доп додаткові допълнителни επιπλεον 追加 其他 更多 その他 추가 اضافية נוספות
        tambahan dodatne papildomos papildu
        """,
    "page": """
        nettside nettsiden hjemmeside webside webbsida verkkosivu weboldal webhely homepage
        page seite sida side sidu sivu oldal strona stranka stranky pagina página sayfa
        страница страницы сторінка сторінки ページ 页面 페이지 صفحة עמוד strana 
        """,
    "order": """
        order ordering bestell bestel bestallning bestallnings bestilling bestillings tilaus
        rendelesi objednaci obj siparis заказ заказа 発注 订货 catalog catalogue katalog kataloski
        katalogove katalogowy
        kat cat каталожный каталогу каталожен каталожний best comanda encomenda narudzbe uzsakymo
        pasutijuma tellimis manufacturing
        """,
    "worn": """
        eu uk us eur shoe schuh chaussure calzado zapato scarpa scarpe schoen schoenen kleding
        buta buty obuvi obuv sko kengan cipo pantofi sapato ayakkabi обуви взуття παπουτσιου 鞋
        garment clothing kleider outer upper ober oberstoff top yta ytter верха изделия виробу
        konfektions wykonania κατασκευης صنع
        """,
    "old": """
        до avant vor pred ennen inainte elott elotti oncesi πριν قبل לפני prima fore innan pries
        pirms enne 折前 전 할인전 以前 ursprunglicher ursprungspreis durchgestrichen barrato
        tachado 划线 штрих 取り消し old before forpris førpris ordpris forrige tidligere ancien
        ancienne barre anterior antes precedente stara stare puvodni przed streich vorher
        bisheriger bisher eski oud oude παλια старая стара vanha regi vechi 原价 旧
        """,
    "show": """
        udostepnij udostepnione publikuj wyswietlaj zverejnit publikovat mostrado affichage anzeige
        viser naytto 显示 上线 展示 전시 נראה מוצג goster zobrazit rodyti kuvatakse show display
        vis visa visas zeige anzeigen nakyy nakyvissa toon tonen muestra naytetaan megjelenik
        показывать показувати 표시 노출 진열 表示 afficher mostrar mostra pokaz nayta
        """,
    "long": """
        long longue lange langer langes larga largo lunga lungo lang dlouhy dlouha dlugi dluga
        full ext complete completa completo detailed detail detaillee detaillierte detallada
        dettagliata dettagliato estesa esteso extended extensa ampliada ampliado amplia
        extendida volledige uitgebreide pelny pelna szczegolowy podrobny podrobne rozszerzony
        utokad utvidet pitka hosszu detaliata uzun detayli подробное полное развернутое 詳細
        详细 ausfuhrliche ausfuhrlich technische marketing повний повна довгий докладний
        подробно пълно dolg podroben opsirnije ilgas detalus gars pilns pikk tais taysi laaja
        teljes bovitett reszletes πληρης αναλυτικη 完整 상세 طويل كامل مفصل מלא ארוך lengkap
        """,
    "short": """
        요약 간략 한줄 skrot skrocona zkraceny kurzer verkort beknopt sintetica sintetico compact
        tiivis short brief courte court courts kurz kurze corta corto breve kort korte krotki
        krotka skrocony kratky kratka strucny lyhyt rovid scurta scurt kisa kratak краткое короткое
        краткий summary teaser 短い 简短 короткий коротка кратко kratek trumpas iss luhike συντομη
        简要 간단 مختصر قصير קצר singkat korta
        """,
    "sell": """
        출고
        贩售 販売 出售
        pubblico publico publique publiczna verejna publik kleinhandel
        myydaan
        ca
        ohje satilacak satilan
        sell sales selling retail consumer public customer vk verkauf verkaufs vente venta vendita
        verkoop verkoops sprzedazy detaliczna prodejni predajna koncova forsaljning forsaljnings
        salgs utsalgs venda myynti eladasi fogyasztoi vanzare satis prodajna maloprodajna розничная
        продажи πωλησης 販売 销售 零售 판매 recommended suggested empfohlener empfohlene recommande
        conseille recomendado consigliato aanbevolen advies sugerowana doporucena vejledende vejl
        veiledende rekommenderat list listino listen lista catalogue catalog katalog katalogowa
        unit unitaire unitario unitaria stuk stuck standard regular normal normale ordinarie base
        tarif роздрібна роздрібний продажна продажу роздрiбна mpc maloprodajni pardavimo mazmenine
        mazumtirdzniecibas muugi jaemuugi vahittais ovh svh λιανικης بيع البيع מכירה jual vkp rsp
        pvpr recomandat ajanlott ajanlat ohje suositus suositushinta ovp endkunden endverbraucher
        butiks cirka udsalgs veil rek обявена препоръчителна рекомендуемая рекомендована εκτιμωμενη
        προτεινομενη lijst perakende piyasa 소비자 정상 تجزئة לצרכן ขาย eceran ban 定价 建议 吊牌
        市场 希望 小売 定価 メーカー希望
        """,
    "buy": """
        입고 进库
        supply supplied nakup nakupni
        buy buying purchase purchasing wholesale supplier trade dealer handler haendler reseller
        revendeur landed ek einkauf einkaufs achat compra coste costo acquisto inkoop inkoops
        zakupu nakupni nakupna inkop inkops indkobs innkjops custo osto beszerzesi achizitie alis
        nabavna закупочная закупки αγορας 仕入 进货 采购 매입 закупівельна закупівлі доставна
        доставчик nabavni nvc pirkimo iepirkuma ostu sisseostu beszerzes nagyker nagykereskedelmi
        ekp aep nek einstand einstands velkoobchodni hurtowa hurt grosist grossist groothandel
        ingrosso mayoreo mayorista atacado toptan оптовая оптова опт χονδρικη χονδρικης sisaan
        sisaanosto hankinta tukku omakustannus nabycia bekerulesi szallitoi angro furnizor bayi
        maliyet покупна едро покупки κτησης hulgi vairum didmenine велика поставки jalleenmyyja
        forhandler aterforsaljar revenda rivenditore rivenditori grossiste distributeur 供货 공급
        도매 جملة 批发 进价 卸 卸売 شراء تكلفة קנייה עלות beli modal
        """,
    "promo": """
        特别 特別 スペシャル 특별 special
        akce akci akcni
        sale special offer discount discounted promo promotional promotion reduced deal action
        angebot angebots aktion aktions sonder rabatt promotionnel promotionnelle solde remise
        oferta rebajado rebaja promocional descuento promozionale scontato offerta actie
        aanbieding aanbiedings korting kortings promocyjna akcni akcia kampanj kampanje tilbud
        tilbuds rea tarjous akcios redus indirimli indirim kampanya akcijska акционная скидкой
        скидка προσφορας 特価 促销 セール 할인 акційна акція знижка знижкою промо промоция
        намалена znizana snizena snizeny sniz sleva slevou zlavnena akcijas akciju nuolaida
        atlaide soodus kampaania ale alennettu alennus leertekelt kedvezmenyes promotie reducere
        markdown clearance reduziert rabatowa rabacie rabatu okazyjna wyprzedazowa vyprodej
        vyprodejova zlevnena zlavnena akcii extra nedsatt erbjudande kampanja desconto promocao
        saldo saldos спец специальная акции распродажа отстъпка отстъпката ειδικη εκπτωσης 值引 割引
        キャンペーン セール 세일 행사 할인 ลด โปรโมชั่น outlet
        kampanyali sconto ribassato barrado rabais soldee προσφορα εκπτωση μειωμενη 优惠
        折扣 特惠 活动 割引 特売 행사 مخفض تخفيض عرض خصم מבצע הנחה diskon promosi
        """,
    "net": "net netto neto netta nette nettes liquido liquida нетто 净 正味",
    "gross": """
        упаковке упаковки упаковкой опаковка packed packaged verpackt emballe imballato embalado
        zabalene opakowaniem emballage imballo embalaje embalagem obalu csomagolt forpakket
        emballerad 包装 梱包 포장 total totale gesamt insgesamt celkova celkem laczna calkowita
        yhteensa osszes toplam общий общая 전체 总 総 合計 合计 gross brutto bruto brut brute lordo
        lorda bruta брутто 毛
        """,
    "taxed": """
        incl inkl including included inclus incluse incluido incluida incluso inclusa ttc inc
        inkludert dahil ivato sis vc вкл включая вклучено с з su s ar koos veroineen sisaltaa
        incluye 含 税込 كسم شامل כולל termasuk
        """,
    "untaxed": """
        excl exkl exc eks uten excluding excluded ex ht hors exclus sin zonder utan bez haric
        senza fara sans without uden ohne ilman sem brez be без excluyendo hт 未 税抜 税別 不含
        بدون ללא
        """,
    "tax": """
        tax taxes vat mwst ust mehrwertsteuer mva ddv pvm gst ppn igv tva iva btw dph moms alv
        afa kdv pdv ндс φπα 税 пдв ддс km pvn podatek davek ضريبة מעמ מע pajak thue 消費税
        부가세 tps tvq
        """,
    "maker": """
        herst
        manufacturer manufacturers manufacturing maker producer oem hersteller herstellers
        tootja costruttore εργοστασιου κατασκευαστη 제조사 原厂 תוצרת изготовителя завода
        fabricant constructeur fabricante produttore fabbricante fabrikant producenta vyrobce
        vyrobcu tillverkare tillverkarens produsent produsentens producentens valmistajan
        gyartoi gyarto producator producatorului uretici proizvodaca производителя виробника mfr
        mfg manuf 厂家 厂商 メーカー 製造元 제조사 مصنع صانع יצרן pabrikan gamintojo razotaja
        """,
    "supply": """
        lief
        lev leverantors leveranciers tiekejo piegadataja tarnija προμηθευτη dodavatelske
        szallitoi доставчик доставчика pemasok ncc
        supplier suppliers vendor lieferant lieferanten fournisseur fournisseurs proveedor
        fornecedor fornitore leverancier dostawcy dodavatele dodavatela leverantor leverantorens
        leverandor leverandorens toimittajan toimittaja beszallito beszallitoi furnizor
        furnizorului tedarikci dobavljaca поставщика постачальника 供应商 仕入先 공급사 مورد ספק
        """,
    "own": """
        업체
        独自
        nostro nostra ons onze vart vores eget var oma omat dahili вътрешен наш наша εσωτερικος
        nase nas 社内 自编 내부 vidinis ieksejais sisemine internt propriu sisainen магазина 자체
        판매자 seller vanzator vendeur vendedor venditore verkoper verkopers sprzedawcy prodejce
        saljare saljarens saelger saelgers selger selgers myyja myyjan elado satici satıcı продавца
        продавец πωλητη 卖家 卖方 البائع מוכר penjual own internal custom distributor merchant our
        eigene interne intern internes propre propia propio proprio interna interno wlasny
        wewnetrzny vlastni interni egen belso sajat kendi внутренний внутрішній свой 管理 自社 商家
        内部 داخلي
        """,
    "average": """
        average avg mean durchschnittlicher durchschnittliche durchschnitts durchschnitt
        mittlerer moyen moyenne medio media gemiddelde srednia srednie prumerna prumerny
        gjennomsnittlig genomsnittlig keskimaarainen atlag mediu ortalama средняя weighted 平均
        last letzter dernier ultimo ostatnia posledni senaste siste seneste viimeisin utolso son
        последняя
        """,
    "shop": """
        webu webe webshopban verkossa kaupassa באתר sitio sajtu веб сайті
        webb webbshop externo externe extern external externa esterno zewnetrzny externi внешний
        外部 외부 haricî boltunk trendyol amazon ebay allegro idealo heureka zbozi ceneo otto
        zalando kaufland cdiscount emag marketplace marktplatz pazaryeri shopify shopware magento
        woocommerce prestashop verkkokaupassa kaupassa webben nettet sklepie obchode boltban
        aruhazban webaruhaz webaruhazban magazinde sitede website veebis sivustolla vebe web
        webshop shop store online internet ecommerce eshop site tienda negozio boutique butik sklep
        sklepu obchod loja winkel nettbutikk verkkokauppa aruhaz magazin сайт сайта сайте магазина
        магазин ショップ 店铺 商城
        """,
    "level": """
        level ebene stufe niveau nivel livello poziom uroven niva seviye taso szint уровень
        рівень 階層 级
        """,
    "code": """
        identificare identification identifikacni identifikasi identyfikator identificativo
        identificador identifiant tunniste azonosito ident
        referentie referenza referens referanse viite tunnus
        nr code id ref reference codigo codice cod kod kodu koodi kode kood код 番号 编码 编号
        コード num part identifier referencia riferimento indeks symbol kodas artnr artno sku
        kods sifra sifre koda αριθμος κωδικος رمز رقم كود קוד מספר מק רหัส cikkszam artikul
        артикул plu numero 货号 款号 品番 型番 코드 번호
        """,
    "name": """
        titulek titulok pealkiri otsikko baslik basligi virsraksts antraste tittel overskrift
        заголовок τιτλος judul neve cime name names nom nombre nome naam nazwa nazev nazov namn
        navn nimi nev adi ad isim denumire naziv bezeichnung libelle lib designation titel title
        titre titulo titolo denominazione denominacion название имя наименование ονομα 名 名称 名前
        이름 명 назва заглавие naslov pavadinimas nosaukums nimetus nimike cim megnevezes nazvy
        omschrijving اسم عنوان שם כותרת ชื่อ nama 标题 品名 タイトル 제목
        """,
    "text": """
        text copy webtekst webtext texto texte testo tekst txt content teksti szoveg metin текст
        """,
    "main": """
        large hires hd fullsize groot
        κυρια pagrindine galvena
        elsodleges primaria primario primaire primarne pierwsze pierwszy prvni ensisijainen forste
        elso birinci primer primera главная первое первый титульное vychozi domyslna domyslny
        domyslne standaard predvolena alapertelmezett oletus varsayilan implicita predeterminada
        predefinita デフォルト 默认 기본 main primary hero featured first ראשית pagrindine cover
        default haupt principal principale hoofd hlavni glowne glowny huvud hoved paa fo ana glavna
        главное основное メイン 主 대표 메인 головне primaer galvenais pagrindinis pea pohi osnovna
        основна titelbild 1st första prima primo primeira primeiro 主要 رئيسية ראשי utama
        """,
    "flag": """
        フラグ 区分 여부 상태 状态 ステータス 状况 有无 статус статуса состояние stav stavu stato
        estado statut tila tilanne durum durumu allapot statusz stare trang thai tilstand toestand
        κατασταση حالة סטטוס flag kz kennz kennzeichen indicator ind yn jn is ist est esta tak
        znacznik priznak whether 是否 status state
        """,
    "link": """
        לינק линк
        yolu yol sti stig sokvag polku utvonal utja cale caminho ruta percorso chemin cesta sciezka
        sciezki путь шлях διαδρομη 路径 经路 パス 경로 url urls link links src href address adresse
        adres lien enlace liga collegamento odkaz lank linkki ссылка 链接 リンク 링크 uri посилання
        povezava nuoroda saite رابط קישור tautan ссылки 地址 网址 アドレス 주소 pfad path
        """,
    "warehouse": """
        warehouse magazine lageru magazzino magazyn magazynowy magazynie lager lagers depot almacen
        deposito sklad skladu skladem magazijn varasto raktar depo skladiste склад складе 仓库
        倉庫 складі sandelyje noliktava ladu مستودع מחסן gudang
        magacin αποθηκη 창고 lagerort bodega armazem
        """,
    "on_hand": """
        fiili
        disponibel disponibelt disponibla disponibilny tillgangligt tillgangliga tilgjengelige
        tilgaengelig dostepne dostepnych свободный свободно vapaa vrij vrije libre libero livre
        wolny wolne volny volne szabad liber serbest ledig ledigt kaytettavissa mevcut 利用 현재
        가용 available disponible disponibile disponivel verfugbar verfugbarer beschikbaar
        dostepny dostepna dostupny tillganglig hand dispo atual attuale reel reelle real fisico
        physique current actual aktueller akt frei freier free physical реальный текущий доступно
        доступна доступний доступне наявна наличен razpolozljivo dostupna dostupno prieinamas
        pieejams saadaval saatavilla elerheto diathesimo διαθεσιμη διαθεσιμο 可用 可售 有効
        利用可能 متوفرة متاحة متوفر متاح זמין tersedia avail dispon disp restante zostatok zustatek
        """,
    "quantity": """
        qty quantity qte cantidad menge anzahl adedi adet miktari miktar ilosc mnozstvi pocet
        antal aantal maara mennyiseg cantitate kolicina quantita quantidade quantite количество
        数 数量 수량 pieces stk pcs szt ks kpl level count кількість залишок шт kiekis daudzums
        kogus zaliha zaloga كمية عدد כמות jumlah mnozstvo keszlet ποσοτητα αποθεμα 件数 点数
        个数 hany
        """,
}

# Short, bent or abbreviated nouns that stand beside others: by what they name.
MORE_NOUNS: dict[str, str] = {
    "image_url": """
        fotku fotky kuvaan kuvan obrazku obrazka zdjecia
        pic pict picture img image photo foto bild imagen imagem immagine obraz obrazek zdjecie
        kuva kep resim gorsel slika snimka фото фотография картинка изображение зображення
        снимка صورة תמונה 画像 写真 图片 主图 이미지 사진 billede bilde afbeelding nuotrauka
        attels pilt gambar
        """,
    "gtin": """
        ean gtin barcode upc barkod barkode 条码 バーコード баркод штрихкод باركود ברקוד jan
        isbn
        """,
    "brand": """
        marke marque marca merk znacka brand бренд 品牌 ブランド 브랜드 ماركة מותג merek марка
        """,
    "material": "material matiere 材质 素材 материал матеріал مادة חומר tejido stoffart",
    "size": """
        size groesse grosse talla taille taglia maat 尺码 サイズ 사이즈 размер مقاس מידה
        """,
    "price": """
        值 値段 值段 金额
        단가
        prezzi precios preise priser ceny cene hinnat arak preturi precos fiyatlar цены ціни τιμες
        prijzen kainos prices hinnad ціна kaina hind harga سعر ثمن מחיר ราคา tarif pvp 金額 单价
        定價 가 prijs preis prix px pr precio prezzo cena pris preco hinta ar pret fiyat fiyati
        cijena цена τιμη 价 价格 価格 가격
        """,
    "quantity": "stanje stock stok stan bestand voorraad existencias giacenza 库存 在庫",
    "description": """
        опис описание وصف תיאור aprasymas apraksts kirjeldus leiras kuvaus aciklama descriere
        περιγραφη deskripsi 説明 説明文 描述 详情 설명 popisek descriptif desc descr
        omschrijving opis popis
        """,
    "weight": "gew poids peso waga vikt вес 重量",
    "category": """
        그룹 그룹명
        grupp gruppi groep gruppo luokka
        категорія категория تصنيف فئة قسم קטגוריה 分类 類別 カテゴリ 카테고리 categ cat kat
        rubrik rubrique rubro grupa skupina csoport grupe ryhma ομαδα famille famiglia familia
        warengr wgr группа раздел 类目
        """,
    "color": "колір цвят لون צבע 颜色 カラー 색상 farb coul couleur",
    "active": """
        有效 生效 실시 نشر النشر julkaistu yayinda objavljeno
        aktiv actif activo attivo ativo actief aktywny aktivni online visible sichtbar zichtbaar
        visibile widoczny viditelny synlig gorunur 上架 公開 published publie publicado
        pubblicato opublikowany enabled
        """,
}  # fmt: skip
