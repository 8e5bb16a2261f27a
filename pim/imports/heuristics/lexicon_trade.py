"""The lexicon's words of merchants, marketplaces and ERP systems, in all languages: what a trade
calls things beside their plain names, and its abbreviations. Same notation.
"""

from __future__ import annotations

TRADE: dict[str, str] = {
    "sku": """
        mmitno|imlitm|twr kod|ad kod|karta kod|reg cis|ma codice
        aid|unieke id|unique id~|unique identifier|eindeutige id~|identyfikator~|azonosító~
        artno|מספר קטלוגי|自编码|articleno|itemno|prodno
        stock nr|stock code|stok nr|stok kodu|skladové číslo|raktári szám|cat nr|cat no|n° article
        teile nr intern|händler artikel nr|verkäufer sku|clave|clave producto|clave de producto
        index|varunummer|varukod|artikulas|artikula nr|nimike nr|nimikekoodi|cikk kód|referință
        код номенклатуры|номер по каталогу|артикул продавца|код позиції|код артикула
        номенклатурний номер|номенклатурный номер|код на артикула|номер на артикула|品目コード
        物料编码|物料号|物料代码|料号|款号|상품번호|품번|자체상품코드|판매자 상품코드|품목코드
        관리코드|품목번호|자재코드|mã sp|mã vật tư|oznaka artikla|artikli kood|malzeme kodu
        itemid|item id code~|prodid~|plu|plu nr|plu code|commercial reference|customer label
        custom label|seller product id~|offer sku|id produktu~|id товара~|codinterno|cve~
        stockcode|style nr~|style code~|stocknummer|mã hàng hóa|numer indeksu|kodas prekės
        merchant product id|retailer id|kenmerk~|nummer~|identifiant~|identificador~|identificativo~
        """,
    "name": """
        descriptions name|description title|titles main|title main|product descriptions name
        mmitds|imdsc1|desart|twr nazwa|megnev
        표시명|표시 이름|表示名|한글 상품명|display title|navn no|nimi verkkokauppa
        trade name|produktbez|anzeigename|benaming|obchodní název|obchodný názov|varunamn
        handelsnamn|produkttittel|tittel|nimike|nimitys|kauppanimi|cikknév|titlu|titlu produs
        stok adı|ürün başlığı|malzeme adı|malzeme tanımı|stok ismi|номенклатура|заглавие|タイトル
        标题|物料描述|物料名称|품명|품목명|tên sp|item text|artikeltext 1|material kurztext
        materialkurztext|material description~|article text~|trade item name|functional name~
        brief name|regulated product name~|headline 1~|название модели~|марка модель~|cikk neve
        áru megnevezése|árunév|popis zboží krátký~|vare|vara|tuote~|model nazwa~|etiqueta nombre
        nombre genérico~|nom de l offre|libellé de l offre|titre annonce|artikelbezeichnung
        produktbeschreibung kurz~|title de|titolo annuncio|titolo inserzione|tytuł aukcji
        tytuł ogłoszenia|nazwa oferty|naslov|naslov oglasa|cím|pealkiri|antraštė|virsraksts
        product name en|produktová řada název~
        """,
    "description": """
        long~|plain description|description plain|texts long|lang~
        sinopsis|synopsis|sinossi|sinopse|streszczenie~|synopse|innehåll~
        esittelyteksti|esittely~|bemutatkozó~|bemutató szöveg|webtext|webtekst|werbetext|säljtext
        salgstekst|verkooptekst|tuoteseloste|说明文|商品绍介文|産品介绍|产品介绍|产品详情|商品介绍
        详情|제품설명|รายละเอียดสินค้า|mô tả chi tiết|long text html|body copy|romance copy
        selling copy~|web copy|annotation~|overview~|story~|synopsis~|blurb~
        inhaltsangabe~|klappentext~|fiche produit~|présentation~|argumentaire~
        descripción del artículo|ficha~|scheda prodotto~|scheda~|toelichting~|charakterystyka~
        popis výrobku|selostus~|ismertető|termékismertető|prezentare~|detalii produs|detay~
        detaylar~|характеристика товара~|о товаре|подробности|деталі~|детално описание
        comments html~|note descrittive~|notes de dégustation~|tasting notes~|verkostungsnotiz~
        """,
    "short_description": """
        简述|商品简述|简要描述|摘要
        short~|brief~|kurz~|summary text|marketing summary
        chapô|omschrijving kort|anotace|anotácia|ingress|tiivistelmä|összefoglaló|rezumat|özet
        стислий опис|简单な说明|キャッチコピー|キャッチ コピー|概要|简介|商品简介|요약설명
        짧은 설명|한줄설명|bullet point summary~|key selling point~|promo text~|werbezeile~
        untertitel~|sous titre~|subtítulo~|sottotitolo~|ondertitel~|podtytuł~|podtitul~|undertitel~
        accroche~|gancho~|副标题~|副タイトル~|подзаголовок~|accroche commerciale|kivonat|introtekst
        introtext
        """,
    "brand": """
        desc marca|manufacturer label|brand label|marca desc
        marki|nazwa marki|marka adi|اسم العلامة التجارية|שם המותג|markenhersteller|brend ürün
        editorial~|markası|ürün markası|márkája|gyártója
        costruttore|leverandør merke|brändi|bränd|gyártó neve|изготовитель|фирма~
        фирма изготовитель|εταιρεία|制造元|生产厂家|厂商|厂家|الشركة المصنعة|hãng sản xuất|hãng
        brend|label name~|imprint~|publisher name~|verlag~|éditeur~|editorial marca|editore~
        uitgever~|wydawnictwo~|wydawca~|nakladatel~|nakladatelství~|vydavatel~|förlag~|forlag~
        kustantaja~|kiadó~|editura~|editora~|yayınevi~|издательство~|видавництво~|εκδότης~
        εκδοτικός οίκος~|出版社~|출판사~|domaine~|bodega~|cantina~|winery~|weingut~|château~
        producteur~|productor~|viticoltore~|vinarija~|laboratorio~|laboratoire~|labo~|laboratoř~
        maison~|griffe~|couturier~|casa editrice~|manufaktur~|brouwerij~|brauerei~|destillerie~
        distillery~|brewery~|marke hersteller|hersteller marke|marca fabricante|brand manufacturer
        productmerk|varemærke|wytwórnia~
        """,
    "category": """
        ryhmä|csoport~|gruppe~|groep~|groupe~|group~|skupiny~|grupė
        familia subfamilia|famille sous famille|famiglia sottofamiglia
        category full path|product group name|full path~
        gruppo|cat merc|grupa produse|supercategories|code famille|desc familia
        famiglia merceologica|pääkategoria|pääryhmä|huvudgrupp|대카테고리|hovedkategori navn
        nume categorie|κύρια κατηγορία|hovedkategori|dept|department name|sub dept~|div~|division~
        大分类|中分类~|kategorisi|kategóriája|категория каталога|kategorija prekės|breadcrumb
        breadcrumbs|commodity group|merchandise group|material group|shopkategorie|fil d ariane
        arborescence|hoofdgroep|grupa|ścieżka kategorii|kategorie e shopu|avdelning|hovedgruppe
        avdeling|afdeling|osasto|cikkcsoport|főcsoport|raft|departamento|seção|secção|ürün grubu
        рубрика|товарная группа|группа|назва групи|розділ|продуктова група|група|группы товаров
        категория сайта|ομάδα|部门|ジャンル|类目|品类|产品类目|분류|상품분류|대분류|القسم|المجموعة
        מחלקה|nhóm hàng|ngành hàng|tooterühm|tuoteluokka|matkl|assortment~|assortiment~
        assortimento~|sortiment~|gamme~|type de produit~|tipo de producto~|tipo prodotto~
        tipo de produto~|producttype~|produkttyp~|typ produktu~|druh zboží~|typ zboží~|varetype~
        тип товара~|тип~|вид товара~|тип товару~|ürün tipi~|ürün türü~|terméktípus~|tip produs~
        tuotetyyppi~|είδος~|tipo de artículo~|tipologia~|tipologia prodotto~|item category|klasse~
        subcategory~|sub category~|unterkategorie~|sous catégorie~|subcategoría~|sottocategoria~
        subcategorie~|podkategoria~|podkategorie~|underkategori~|alakategoria~|alkategória~
        subcategoria~|alt kategori~|подкатегория~|підкатегорія~|υποκατηγορία~|小分类~|二级类目~
        중분류~|소분류~|categorie produit|genre~|thema~|thème~|warengr|wgr|assortimentsgroep
        item class~|artikelkategorie|produktklasse~|shop category|marketplace category
        store category|heureka kategorie
        """,
    "price": """
        роздріб~|розница~|detal~|p venta|p vente|p venda|pr venta|pr vente
        sales rate|selling rate|mrp~|cena mo|maloobchodní cena|sales price rate
        pu ttc|pu ht~|pu~|p u ttc
        unit retail|retail unit|current retail|reg retail|regular retail
        розничная~|detaliczna~|retail~|verkauf~|vente~|venta~|vendita~|försäljning~|maloprodajna~
        роздрібна~|fiyatı|ára|eladási ára|termék ára|ürün fiyatı|tuotteen hinta|evp|ppc|pvc|pvpr
        tarif public|precio tarifa|cena detal brutto|cena detal|scd|suositushinta|ovh|svh|listaár
        ррц|прайс|цена на дребно|λιανική|소비자가|정가|시중가~|vpe preis~|ppttc|pvc ttc
        prix boutique|prix magasin|unitprice|shelf price|ticket price|counter price|online price
        webshop preis|web price|web prijs|precio web|prezzo web|cena internetowa|cena w sklepie
        cena eshop|webpris|verkkokauppahinta|webár|preț site|preço site|цена на сайте|apotheken vk
        avp|uvp brutto|kvp~|cena od~|start price~|startpreis~|sofortkaufpreis~|buy now price~
        buy it now price~|cena kup teraz|kup teraz~|precio final|prezzo finale|prix final
        gesamtpreis|cena za kus|cena za sztukę|cena szt|цена за единицу|цена за штуку
        ціна за одиницю|birim fiyat|egységár~|nettó ár~|netto ár~|preț unitar|preço final
        preis pro stück|preis stück|stückpreis|prezzo pubblico consigliato|prix conseillé
        prix de vente conseillé
        """,
    "sale_price": """
        p oferta|p promo|p especial|pr promo
        pricing sale|pricing special|pricing promo|prices sale|prices promo|pricing discounted
        cena akce|cena v akci
        promo retail|sale retail|clearance retail
        oferta~|cena po rabacie|cena po slevě|cena po zľave|extrapris|tilbud~|alehinta
        цена по акции|值引价格|세일가|행사가|السعر بعد الخصم|מחיר לאחר הנחה|ราคาโปรโมชั่น|ราคาลด
        actie~|akcia~|sconto prezzo|prix après remise|precio con dto|precio dto
        prezzo netto scontato|pris efter rabatt|nedsat pris|akční cena s dph|outletpreis
        outlet price|vente flash~|black friday price|特卖价|秒杀价~|券后价~|쿠폰적용가~|최종할인가
        """,
    "cost": """
        仕入値|仕入额|仕入金额
        입고단가|입고가
        опт~|hurt~|cost of goods sold|p compra|p achat|p coste|p costo|p custo
        costs purchase
        purchase rate|supply price|pcoste|cena nákup|purbaspri
        koszt jednostkowy|precio profesional|prix pro|harga pokok|tarif pro
        åf pris|återförsäljarpris
        закупочная~|оптовая~|hurtowa~|einkauf~|achat~|compra~|acquisto~|inköp~|nabavna~
        закупівельна~|оптова~|pvd~|inkoop|nákupka|voc~|självkostnad|önköltség|alış|закупка
        цена на едро|χονδρική|仕入れ値|进价|매입가|공급가|도매가|매입단가|עלות|מחיר קניה|ราคาทุน
        hpp|vpc~|pašizmaksa|stprs|verpr|netpr|pa ht|pa|pach|prmp|pump|pmp|cump|dpp|ddp price~
        aufwand~|ebk~|apu~|price cost|net net|dealer net|dealer cost|trade cost|supplier cost
        vendor cost|unitcost|cost each|wholesale|wholesale cost|preço líquido~|preço grossista
        precio neto proveedor|listino acquisto|prijs inkoop|cena dostawcy|cena u dodavatele
        leverantörspris|leverandørpris|hankintahinta|nákladová cena|náklady~|коштує~|приходная цена
        цена поставщика|ціна постачальника|تكلفة|سعر المورد|仕入|采购成本|进货成本|供货价|공급단가
        """,
    "currency": """
        currency abbr|currency abbreviation|currency symbol~
        ccy|währungskürzel|währungs kz|währung kennz|code devise|codice valuta|munt|valutacode
        kód měny|kód meny|kod waluty|deviza|deviza nem|deviza kód|döviz|döviz cinsi|валюта цены
        код валюты|код валюти|валута|通货コード|币别|币种代码|화폐|통화코드|valuuttakoodi|waers|curr
        currencyid|currency id|iso währung|iso 4217|cur|price currency code|код на валута
        """,
    "quantity": """
        atp|atp quantity|instock~
        số lượng tồn kho|الكمية في المخزن
        ilość na stanie|aktuální stav|stav zásob|aktuellt saldo|disponibelt saldo|saldo varasto
        현재고|현 재고|الرصيد الحالي|stock units|raspoloživa količina|stoğu|készlete|miktarı|adedi~
        qoh|soh|ats|avail~|available to sell|bestandsmenge|lagerstand|lagerbest|anzahl
        stückzahl lager|technische voorraad|stany|zásoby|disponibelt lager|vapaa saldo|kpl|bucăți
        qtd|qtde|qnt|qtà|saldo em estoque|miktar|кол-во|к-сть|наличие на складе|в наличии шт|склад~
        залишки|скл~|наличност бр|бр~|υπόλοιπο|υπόλοιπα|στοκ|τεμάχια|现货|재고량|الرصيد
        số lượng tồn|stanje|laojääk|skladem ks|skladem kusů|ks skladem|verfügbar stk|stk
        lagerantall|labst|stanmag|stan mag|bestand verfügbar|dispo stock|stock dispo|stk dispo
        qte dispo|nb en stock|nombre en stock|unidades disponibles|unidades en stock
        pezzi disponibili|pezzi~|pz~|disponibilità pezzi|disp~|aantal op voorraad|stuks
        stuks op voorraad|sztuk|szt|liczba|liczba sztuk|dostępne sztuki|kusů|počet kusů skladem
        antal på lager|antall på lager|varastossa kpl|db|darabszám|készleten db|raktáron db
        stoc bucăți|adet stok|шт~|остаток шт|свободный остаток|доступно|доступно шт|qty avail
        bottles in stock|bouteilles en stock|inventory on hand|stock physique|stock reel|existencia
        exist|existencia actual|voorr|inventaire|inventory available|stock total|total stock
        gesamtbestand|可卖数|可售库存|总库存
        """,
    "in_stock": """
        is on stock|on stock|stocked~
        available for sale|orderable|dispo~|disponibilità~|voorradig|je skladem|finns i lager
        tilgængelig~|tilgængelighed~|tilgjengelig~|tilgjengelighet~|saatavuus~|elérhetőség~
        készleten~|disponibilitate~|stok durumu~|stokta var|доступность~|є в наявності|доступність~
        наличен~|налично~|σε απόθεμα~|在库有无~|在库状况~|库存状态~|是否有货|有无库存|재고여부
        재고상태~|판매가능~|متوفر~|التوفر~|حالة المخزون~|במלאי~|זמינות~|ketersediaan~|còn hàng~
        raspoloživost~|prieinamumas~|pieejamība~|saadavus~|laos olemas|bestellbar|kaufbar|ab lager~
        sofort lieferbar|commandable|vendibile|vendible|acquistabile|bestelbaar|lager status~
        lagerstatus~|skladovost~|varastotilanne~|készletinfó~|készlet állapot~|stav skladu text~
        disponivel em stock|покупаемый~|в продажу~|stock info~|stock availability~
        disponibilité stock~|lieferfähig|lieferfähigkeit~
        """,
    "active": """
        display on website|show online|show in shop|freigegeben|im shop anzeigen|affiché
        affiché en ligne|attivo sul sito|attivo online|tonen op site|tonen in webshop|czy aktywny
        czy widoczny|zveřejnit|zobrazovat|zobrazit v e shopu|visas i butik|visa på webben
        vis på web|publiceret|näytetään~|näkyvissä|tila~|látható|megjelenik|státusz~|vizibil|stare~
        visível~|situação~|durum~|durumu~|показывать|отображать|статус~|отображать на сайте
        видимість~|показувати|видим|публикуван|δημοσιευμένο|ορατό|κατάσταση~|公开状态|表示~
        公开フラグ|贩売ステータス~|ステータス~|掲载|状态~|上架状态|是否启用|状态 上架|진열여부
        판매여부|진열상태|판매상태|노출여부|사용여부|منشور|الحالة~|مفعل|מוצג|סטטוס~|hiển thị~
        trạng thái~|kích hoạt|aktivno|vidljivo|rodoma|nähtav|active flag|web enabled|webshop|web~
        item active|is live|on sale~|listed~|listing status~|aktiv im shop|shopaktiv|in webshop
        publicado en web|visible web|vendible online|actif web|en vente|in vendita|à vendre~
        w sprzedaży|v prodeji|till salu|til salg|myynnissä|értékesíthető~|la vânzare|à venda
        satışta|в продаже|у продажу|сайт~|активність|активность|вкл~|aktiv j n|activ site|disabled~
        """,
    "weight": """
        gewicht je einheit|gewicht pro stück|gewicht je stück|weight per unit|weight per piece
        poids par unité|grams~|gramm~|grammi~|gramos~|grammes~|gramas~|kilogramm~|súlya|tömege
        ağırlığı|ürün ağırlığı|tuotteen paino|wt|eigengewicht|leergewicht~|маса|质量|净重|毛重
        상품무게|الوزن الصافي|cân nặng|masa netto|gewicht netto|gewicht brutto|net wt|gross wt
        item wt|poids article|poids colis~|packed weight~|peso articolo|peso unidad|masa własna
        hmotnost zboží|vekt per stk|totalvikt~|product mass|mass|mass kg|вес упаковки~|ship weight
        ship wt|shipping wt|netweight
        """,
    "width": """
        genişliği|szélessége|w~|larg~|en~|横幅|가로|breite gesamt|gesamtbreite|largeur totale
        ancho total|larghezza totale|overall width|largeur hors tout|totalbredd|šírka celková
        """,
    "height": """
        yüksekliği|magassága|h~|haut~|boy~|세로|gesamthöhe|hauteur totale|alto total|altura total
        altezza totale|overall height|hauteur hors tout|totalhöjd
        """,
    "length": """
        uzunluğu|derinliği|hossza|mélysége|l~|long~|prof~|gł~|dł~|奥行き|العمق|עומק|dužina
        gesamtlänge|longueur totale|overall length|overall depth|gesamttiefe|profondeur totale
        lunghezza totale|largo total|fondo total
        """,
    "color": """
        desc color|desc colore|color desc
        rengi|ürün rengi|väri tuotteen|цвет изделия
        grundfarbe|teinte|tinta~|barva výrobku|farebné prevedenie|barevné provedení|kulör
        kulöörisävy|värisävy|színe|nuanță~|nuance~|окраска|оттенок~|відтінок~|απόχρωση~|本体色|色号
        颜色分类|컬러|kolorystyka|colorway|color way|color description|colour description
        farbbeschreibung|farbgruppe~|farve navn|couleur produit|color del producto|colore prodotto
        frame color~|finish color~|色名|カラーバリエーション|colour group~|color group~
        color family~|farbfamilie~|colore variante|barevnost~|tint~|ton~
        """,
    "size": """
        bedeni|mérete|размер изделия|koko tuotteen
        número calzado|taglia it|numero scarpa|skostorlek|skostørrelse|skonummer|numeração|numara~
        ayakkabı numarası|νούμερο|鞋码|치수|kích cỡ|broj cipela|number size~|size eu|size code~
        size value|größe eu|größenbezeichnung|größencode~|taille fr|taille eu|taglia eu|talla eu
        grandeur~|rozmiar ubrań|размер одежды|kokonumero|méretek~|nº talla|maatvoering~|size desc
        size description
        """,
    "material": """
        materyal|materyali|malzemesi|ürün malzemesi
        materiaalsoort|surowiec|materiál výrobku|ytmaterial|kangas|alapanyag|anyaga|țesătură~|kumaş
        kumaş türü|тканина|ύφασμα|生地|主な素材|面料|面料材质|재질|원단|الخامة|مادة الصنع|בד
        materjal|raw material~|stoffart|werkstoffbezeichnung|materialbeschreibung|gestellmaterial~
        rahmenmaterial~|frame material~|body material~|matière extérieure|matière dessus~
        tipo de material|material fabricación|состав материала~|zloženie~|sammansättning~
        composición~|composizione~|composition~|składnik~|材质成分|面料成分~|成分~|소재구성~
        materialtyp|material hauptbestandteil
        """,
    "gtin": """
        upca|upc a
        eans|gtins|eannr
        kod paskowy|шк|γραμμωτός κωδικός|triipkood|ean stück|gtin stück|ean ve~|ean base unit
        ean consumer|consumer ean|ean unit|unit barcode|unit ean|gtin unit|gtin base~
        ean nummer artikel|ean11|ean13 upc|product identifier gtin|ean consumentenverpakking
        ean unité|ean pièce|gtin artikel|pzn ean~|global trade item number|eanupc|upc ean gtin
        ean jan|codean|cod barras|codbarras|cod ean13|isbn 10~|isbn ean|isbn nr|code isbn
        штрих-код ean|trade item gtin|primary barcode|main barcode|barcode1|barcode 1
        product id gtin~|codbarre|cb~|kod ean13|ean sztuki|ean detal
        """,
    "mpn": """
        mpnr|hans
        oe nr|oe number|werksnummer|nº de pieza|art fornitore|numer części|pn výrobce|číslo dielu
        part nr výrobce|producent varenummer|produsentens delenummer|üretici parça no|номер детали
        заводской артикул|оригинальный номер|номер производител|型式|型番|厂家型号|制造商零件号
        제조사 품번|원제조사 코드|رقم القطعة|رمز الشركة المصنعة|רקם יצרן|מק"ט יצרן|מק"ט ספק
        מק״ט יצרן|מק״ט ספק|mfrpn|mfg part|mfr part|mfr part nr|mfr nr|mfr code|mfg nr|mfr sku
        mfr ref|mfg code|mfg ref|manufacturers part nr|vendor style~|vendor style nr~
        supplier style~|model code~|model no~|modellnummer~|modellcode~|número de modelo~
        numéro de modèle~|modelnummer~|n° modèle~|part no oem|oem code|oem ref|oem reference
        référence oem|original nr|originalnummer~|oe ref|originalteilenummer|industry part nr
        nr części|kat nr výrobce|typové označení~|typ nr~|typnummer~|typenbezeichnung~|type nr~
        manufacturer model|manufacturer model nr|manufacturer type~|herstellertyp~|typbezeichnung~
        hersteller typ nr|manufacturer article|factory code|factory nr|lieferanten nr artikel
        lief art nr|lief artikel nr|lieferanten bestell nr|lieferantenartnr|supplier product code
        supplier item code|supplier item|vendor item|vendor product nr|leverantörens artikelnummer
        lev artikel nr|levartnr|reffab|ref fab|réf fab|ref frn|réf frn|ref fournisseur|refprov
        ref prov|cod prov~|cod prod fornitore|código de proveedor artículo|kod dostawcy produktu
        артикул завода|артикул изготовителя|номер запчасти|код запчасти|partno|partnumber
        part numbers|pn|p n|mfr p n|mfr pn
        """,
    "image_url": """
        media main|photos main|media primary|images main|assets main|pictures main|media cover
        packshot|bilddatei|visuel|visuel principal|grafika|fotografie|kuvan url|kuvan osoite|főkép
        poză|poza|link poză|линк към снимка|상품이미지|썸네일|קישור לתמונה|ảnh đại diện|fotografija
        pildi link|pildi url|hero image|hero|bild datei|bildname~|image name~|image filename~
        nom image~|photo name~|primary photo|vignette|miniature|miniatura|miniatuur|miniatyr
        miniatyrbild|pikkukuva|bélyegkép|миниатюра|превью~|thumb url|preview image|preview url~
        imagelink|imgurl|img link|foto url|foto link|link foto|url foto|url obrazka|obraz url
        картинка товара|abbildung|produktabbildung|artikelfoto|product foto|imagem url|görsel url
        resim linki|产品图片|产品主图|商品主图|宝贝主图|封面|封面图|头图|缩略图|首图|主图url
        상세이미지~|목록이미지|cover image url|couverture~|couv~|okładka~|obálka~|copertina~
        portada~|omslag~|cubierta~|kansikuva~|borító~|copertă~|kapak~|обложка~
        """,
    "images": """
        extra afbeeldingen|fotky|extrabilder|bildegalleri|poze|фотографії|снимки|φωτογραφίες
        商品图册|图册|이미지 목록|الصور|صور إضافية|معرض الصور|תמונות|גלריה|תמונות נוספות|nuotraukos
        attēli|pildid|lisapildid|photos supplémentaires|toutes les images|alle bilder
        alle afbeeldingen|tutte le immagini|wszystkie zdjęcia|všechny obrázky|alla bilder
        alle billeder|kaikki kuvat|minden kép|toate imaginile|galerie photos|galleri|bildgalleri
        kuvagalleria|képgaléria|fotogaleria|galeria de fotos|fotogaléria|image set|gallery urls
        photo gallery|image collection|medias|visuels|pictures list|zdjęcia produktu|фото галерея
        фотогалерея|all photos|additional photos|more photos|secondary images|alt images~
        """,
    "url": """
        link href|links href
        detail url|details url|detail link|view url|view link|pdp|more info url
        link zum produkt|lien vers la fiche|link naar product|odnośnik|link til produkt
        lenke til produkt|termék linkje|адрес страницы|посилання на товар|линк|линк към продукта
        リンク|商品连结|商品网址|商品地址|产品链接|宝贝链接|상품url|상품 링크|상품페이지
        קישור למוצר|ลิงก์สินค้า|link sản phẩm|product web page|web url|clickurl~|click url~
        offer url|url oferty|link do oferty|link oferty|odkaz na zboží|shop link|item link
        item page|detail page url|detailseite|pdp url|pdp link|storefront url|sayfa linki|url fiche
        url fiche produit|url de l offre|link articolo|link annuncio|enlace a la ficha|ficha url
        lien fiche produit|lien de la page produit|adresa url|webová adresa|weblink|webbadress
        verkkosivu~|ссылка на страницу|ссылка на сайт|url страницы|ürün sayfası
        """,
    "tags": """
        sökord|søgeord|søkeord|nøkkelord|nøgleord|hakusanat|ключові слова|тагове|ключови думи
        λέξεις κλειδιά|キーワード|标签|关键字|搜索关键词|검색어|검색 키워드|키워드
        الكلمات المفتاحية|מילות מפתח|kata kunci|từ khóa|ključne riječi|ključne reči|ključne besede
        raktažodžiai|atslēgvārdi|märksõnad|label~|tagi produktu|search terms|search keywords
        suchbegriffe|suchwörter|suchworte|zoekwoorden|zoektermen|mots clés recherche
        termini di ricerca|términos de búsqueda|słowa wyszukiwania|vyhľadávacie slová
        vyhledávací slova|keresőszavak|keresési kulcsszavak|поисковые слова
        ključne riječi proizvoda|hledaná slova|badge~|badges~|hashtag|oznaczenia~
        """,
    "meta_title": """
        seo tittel|metatittel|sidetittel|metaotsikko|seo başlığı|sayfa başlığı|meta заголовок
        seo τίτλος|meta τίτλος|メタタイトル|페이지 타이틀|메타 제목|כותרת מטא|tiêu đề seo
        seo pealkiri|meta pealkiri|titre de la page|titre page|titre référencement|html title
        html titel|titel tag|google titel
        """,
    "meta_description": """
        メタディスクリプション|メタ说明|메타 설명|תיאור מטא|mô tả seo|seo tekst~
        description référencement|beschreibung seo|google beschreibung|serp description
        """,
    "tax_class": """
        ust~|ust satz|ust schlüssel|steuerkennzeichen|steuercode|steuerschlüssel|impuesto~
        impuestos~|aliquota|podatek vat~|podatek~|mva~|verokanta|пдв~|ддс~|данъчна група|课税区分
        税收分类编码|税别|부가세~|과세구분|과세여부|الضريبة~|מע"מ~|מע״מ~|ภาษี~|ppn~|pajak~|thuế~
        thuế suất|porezna stopa|ddv~|pvm~|pvn~|käibemaks~|km~|maksumäär|porez~|taxable class
        vat group|btw groep|btw percentage|btw hoog laag|imposta~|igic~|gst~|hst~|gst code|gst rate
        tax percent|tax percentage|taxe~|taxes~|tva code|daňová sazba|daň~|sazba daně|moms sats
        momsgrupp|mervärdesskatt~|arvonlisävero~|afa kód|mwskz|mwst code|mwst kz|vatrate|taxrate
        vat prod posting group|tax product group|税码|消费税~
        """,
}
