"""Words for product properties in the languages of Europe and some beyond.

Each concept has phrases as they stand in headers of product files: lower case, words apart,
accents as they are written (they are folded when compared). A phrase after `~` is weak: it often
means this, but needs the values to agree. Number words (no, nr, nummer, numéro …) are all `nr`.
"""

from __future__ import annotations

from pim.imports.heuristics.lexicon_more import MORE
from pim.imports.heuristics.lexicon_trade import TRADE

_CONCEPTS: dict[str, str] = {
    "sku": """
        sku|skus|sku code|sku nr|sku id|item sku|stock keeping unit|seller sku|merchant sku
        item nr|item code|article nr|article code|product nr|product code|stock code|order nr
        order code|model nr~|catalog nr|catalogue nr|part code|item ref|product ref
        product reference|item reference|article reference|internal reference|internal code
        artikel nr|art nr|artnr|artikel code|artikel id~|bestell nr|produkt nr|material nr|sach nr
        artikelnr|ordernumber|identnummer|ident nr|warennummer|teile nr~|sachnummer
        référence|référence produit|réf|ref|réf produit|référence article|code article
        code produit
        code interne|référence interne|n° article
        referencia|código|código de artículo|código artículo|código producto|código de producto
        ref producto|referencia producto|referencia interna
        codice|codice articolo|codice prodotto|cod articolo|cod art|codice interno|riferimento~
        artikel nr|artikelcode|bestelnummer|productcode|productnummer
        indeks|kod produktu|kod towaru|nr artykułu|nr katalogowy|symbol|symbol produktu|kod sku
        kód|kód produktu|kód zboží|číslo produktu|objednací kód|katalogové číslo|číslo zboží
        artikelnummer|varenummer|varenr|vare nr|produktkod|produktnummer|artikkelnummer|varekode
        código do produto|código do artigo|referência|referência do produto
        tuotenumero|tuotekoodi|cikkszám|termékkód|cod produs|cod articol|ürün kodu|stok kodu
        артикул|код товара|код|код продукта|номенклатурный номер|κωδικός|κωδικός προϊόντος
        商品コード|品番|商品番号|货号|商品编码|商品编号|产品编号|상품코드
        item id~|product id~|article id~|offer id~|id~|code~|nr~|reference nr~|identifier~|handle~
        external id~|variant id~|key~|supplier aid|supplier pid|matnr|商品番号|製品番号|型番コード
        """,
    "name": """
        name|product name|item name|article name|title|product title|item title|display name
        label~|heading~|headline~|product~|item~|article~
        artikelname|produktname|bezeichnung|artikelbezeichnung|produktbezeichnung|titel
        name artikel|maktx
        kurzbezeichnung~|produkttitel|artikeltitel|benennung|warenbezeichnung
        nom|nom du produit|nom produit|désignation|titre|libellé|intitulé|nom de l article
        libellé produit|désignation produit|titre du produit|désignation article
        nombre|nombre del producto|nombre producto|título|nombre artículo|denominación
        nome|nome prodotto|nome del prodotto|titolo|denominazione|nome articolo|descrizione breve~
        naam|productnaam|artikelnaam|omschrijving kort~|titel
        nazwa|nazwa produktu|nazwa towaru|tytuł|nazwa artykułu
        název|název produktu|název zboží|jméno|titul|názov|názov produktu|názov tovaru
        namn|produktnamn|artikelnamn|benämning|navn|produktnavn|varenavn|artikkelnavn|betegnelse
        nome do produto|designação|nome do artigo
        nimi|tuotenimi|tuotteen nimi|megnevezés|terméknév|név|denumire|nume|nume produs
        denumire produs|ürün adı|ad|isim|başlık|naziv|naziv proizvoda|ime
        название|наименование|название товара|наименование товара|имя|ονομασία|όνομα|τίτλος
        商品名|製品名|产品名称|商品名称|品名|名称|상품명|제품명
        """,
    "description": """
        description|product description|item description|long description|full description
        long text|body|body html|desc|long desc|descr|product desc|detailed description
        description html|content~|details~|text~
        detail description|html description|about~
        beschreibung|produktbeschreibung|artikelbeschreibung|langbeschreibung|langtext
        lange beschreibung|detailbeschreibung|artikeltext|produkttext
        description longue|description du produit|description produit|descriptif|texte long
        description détaillée
        descripción|descripción larga|descripción del producto|descripción producto
        descripción detallada
        descrizione|descrizione lunga|descrizione prodotto|descrizione estesa
        omschrijving|beschrijving|productomschrijving|productbeschrijving|lange omschrijving
        opis|opis produktu|opis długi|pełny opis|opis towaru
        popis|popis produktu|dlouhý popis|popis zboží|podrobný popis
        beskrivning|produktbeskrivning|lång beskrivning|beskrivelse|produktbeskrivelse
        descrição|descrição do produto|descrição longa|descrição completa
        kuvaus|tuotekuvaus|leírás|termékleírás|descriere|descriere produs|açıklama|ürün açıklaması
        opis proizvoda|описание|описание товара|полное описание|περιγραφή
        説明|商品説明|商品説明文|描述|产品描述|商品描述|설명|상품설명
        """,
    "short_description": """
        short description|short text|summary|teaser|excerpt|short desc|short descr
        brief description|subtitle~
        intro~|introduction~|caption~|tagline~|perex
        kurzbeschreibung|kurztext|kurze beschreibung|zusammenfassung
        description courte|résumé|texte court|descriptif court
        descripción corta|descripción breve|resumen
        descrizione breve|descrizione corta|riassunto
        korte omschrijving|korte beschrijving|samenvatting
        krótki opis|opis krótki|skrócony opis|krátký popis|stručný popis
        kort beskrivning|kort beskrivelse|sammanfattning|descrição curta|descrição breve|resumo
        lyhyt kuvaus|rövid leírás|descriere scurtă|kısa açıklama|kratak opis
        краткое описание|σύντομη περιγραφή|简短描述|短い説明
        """,
    "brand": """
        brand|brand name|manufacturer|manufacturer name|maker|producer|vendor|make~|label brand
        mfr~|mfg~
        product brand|designer~|publisher~
        marke|hersteller|markenname|herstellername|fabrikat|produzent
        marque|fabricant|nom de marque|constructeur
        marca|fabricante|nombre de marca
        marca|produttore|marchio|fabbricante|casa produttrice
        merk|fabrikant|merknaam|producent
        marka|producent|wytwórca|nazwa producenta|značka|výrobce|výrobca
        märke|varumärke|tillverkare|leverantör märke|merke|mærke|producent|produsent|varemerke
        marca|fabricante|tuotemerkki|merkki|valmistaja|márka|gyártó|producător|üretici
        proizvođač|robna marka|бренд|производитель|марка|торговая марка|μάρκα|κατασκευαστής
        ブランド|メーカー|品牌|制造商|생산자|브랜드|제조사
        """,
    "category": """
        category|categories|category name|product category|product categories|category path
        taxonomy
        main category|category tree|category text|category full|department~|product group
        item group~|collection path|google product category|product taxonomy
        kategorie|kategorien|warengruppe|produktkategorie|artikelgruppe|produktgruppe
        hauptkategorie
        kategoriepfad|warengruppen|sortiment~
        catégorie|catégories|rayon|famille de produits|catégorie de produit
        categoría|categorías|familia de productos|categoría de producto|sección
        categoria|categorie|categoria prodotto|gruppo merceologico|reparto|categoria merceologica
        categorie|categorieën|productgroep|productcategorie|artikelgroep
        kategoria|kategorie|kategoria produktu|grupa towarowa|kategorie produktu|kategórie
        kategória
        kategori|kategorier|produktkategori|varegruppe|varugrupp|produktgruppe|produktgrupp
        categorias|categoria do produto|kategoriat|tuoteryhmä|kategóriák|termékkategória|categorii
        kategoriler|ürün kategorisi|kategorija|kategorije
        категория|категории|категория товара|группа товаров|κατηγορία|κατηγορίες
        カテゴリ|カテゴリー|分类|类别|商品分类|카테고리
        """,
    "price": """
        price|regular price|list price|retail price|sales price|selling price|unit price
        base price
        price vat|price incl vat|price including vat|price incl tax|price including tax|gross price
        price gross|standard price|default price|catalog price|consumer price|our price|price amount
        msrp~|rrp~|net price~|price net~|price excl vat~|price excl tax~|price tax excluded~
        price tax included|srp~|suggested retail price~|price ex vat~
        preis|verkaufspreis|vk|vk brutto|vk preis|bruttopreis|preis brutto|listenpreis|ladenpreis
        endpreis|einzelpreis|normalpreis|stückpreis|vk netto~|nettopreis~|preis netto~|uvp~
        prix|prix de vente|prix ttc|prix public|prix unitaire|prix catalogue|prix ht~|tarif
        prix régulier
        precio|precio de venta|pvp|precio con iva|precio unitario|precio regular|precio sin iva~
        prezzo|prezzo di vendita|prezzo al pubblico|prezzo di listino|prezzo ivato|listino
        prezzo unitario
        prijs|verkoopprijs|adviesprijs~|brutoprijs|prijs incl btw|consumentenprijs|stukprijs
        cena|cena brutto|cena sprzedaży|cena detaliczna|cena netto~|cena katalogowa
        cena s dph|prodejní cena|cena bez dph~|cena s dph kč|koncová cena|predajná cena
        pris|försäljningspris|utpris|ordinarie pris|listpris|pris inkl moms|salgspris|utsalgspris
        preço|preço de venda|preço com iva|preço unitário|hinta|myyntihinta|ár|eladási ár
        bruttó ár
        preț|pret|preț de vânzare|fiyat|satış fiyatı|cijena|prodajna cijena
        цена|розничная цена|цена продажи|стоимость~|τιμή|τιμή πώλησης
        価格|販売価格|定価|价格|售价|单价|가격|판매가
        """,
    "sale_price": """
        sale price|special price|offer price|discount price|discounted price|promo price
        promotional price|reduced price|action price|deal price|price sale|price special
        aktionspreis|angebotspreis|sonderpreis|reduzierter preis|rabattpreis|sale preis
        prix promo|prix soldé|prix promotionnel|prix réduit|prix remisé|prix en solde
        precio de oferta|precio oferta|precio rebajado|precio promocional|precio especial
        prezzo scontato|prezzo promozionale|prezzo offerta|prezzo speciale
        actieprijs|aanbiedingsprijs|kortingsprijs|cena promocyjna|cena specjalna|akční cena
        kampanjpris|reapris|tilbudspris|kampagnepris|rabattpris|preço promocional|preço de saldo
        tarjoushinta|akciós ár|preț redus|preț promoțional|indirimli fiyat|akcijska cijena
        цена со скидкой|акционная цена|τιμή προσφοράς|特价|セール価格|促销价|할인가
        """,
    "cost": """
        cost|cost price|purchase price|buying price|wholesale price|cost per item|unit cost|cogs
        dealer price~|net cost|buy price|landed cost|cost of goods|einkaufspreis|ek|ek preis
        ek netto|einstandspreis|selbstkosten|händlereinkaufspreis|hek|prix d achat|coût
        prix de revient|prix d achat ht|coût d achat|precio de compra|coste|costo|precio de coste
        precio coste|prezzo di acquisto|prezzo acquisto|costo unitario|inkoopprijs|kostprijs
        cena zakupu|koszt|nákupní cena|nákupná cena|inköpspris|inpris|indkøbspris|innkjøpspris
        kostpris|preço de compra|preço de custo|custo|ostohinta|beszerzési ár|preț de achiziție
        cost de achiziție|alış fiyatı|maliyet|nabavna cijena|закупочная цена|себестоимость
        τιμή αγοράς|κόστος|原価|仕入価格|成本|成本价|원가
        """,
    "currency": """
        currency|currency code|price currency|iso currency
        währung|währungscode|preiswährung|devise|monnaie|moneda|divisa|valuta|munteenheid|waluta
        měna|mena|valuta|valutakod|moeda|valuutta|pénznem|monedă|moneda|para birimi|valuta kod
        валюта|νόμισμα|通貨|货币|币种|통화
        """,
    "quantity": """
        quantity|qty|stock|stock quantity|stock qty|inventory|inventory quantity|inventory qty
        on hand|quantity on hand|qty on hand|stock level|current stock level|available quantity
        available stock|inventory level|inventory count|units in stock|stock count|stock on hand
        quantity available|current stock|count~|amount~|units~|stock amount|total inventory
        bestand|lagerbestand|menge|lagermenge|lager|verfügbare menge|stückzahl|vorrat
        verfügbarer bestand
        quantité|stock|quantité en stock|qté|stock disponible|quantité disponible
        cantidad|existencias|stock|inventario|cantidad en stock|unidades~
        esistenza|esistenze|quantità|giacenza|scorte|disponibilità~|magazzino|qta|giacenze
        voorraad|aantal|hoeveelheid|voorraadaantal
        ilość|stan magazynowy|stan|zapas|liczba sztuk|ilość w magazynie
        množství|počet kusů|sklad|skladem kusů|stav skladu|množstvo|počet|zásoba
        antal|lagersaldo|lager|saldo|lagerantal|beholdning|lagerbeholdning|antall
        quantidade|estoque|quantidade em stock|existências
        määrä|varastosaldo|saldo|varasto|készlet|mennyiség|cantitate|stoc|adet|stok|stok miktarı
        količina|zaliha|количество|остаток|остатки|ποσότητα|απόθεμα
        数量|在庫数|在庫|库存|库存数量|재고|수량
        """,
    "in_stock": """
        in stock|is in stock|available~|availability~|stock status~|is available|on stock
        product available|stock availability~|salable|is salable|buyable|purchasable
        availability status~
        auf lager|lieferbar|verfügbar|verfügbarkeit~|lagernd|vorrätig
        en stock|disponible~|disponibilité~|en stock|en existencia|disponibilidad~
        in magazzino|disponibile~|op voorraad|beschikbaar~|leverbaar|beschikbaarheid~
        na stanie|dostępny~|dostępność~|w magazynie|skladem|dostupnost~|na sklade|dostupný~
        i lager|tillgänglig~|på lager|em stock|em estoque|disponível~|disponibilidade~
        varastossa|saatavilla~|raktáron|elérhető~|în stoc|disponibil~|stokta|na zalihi
        в наличии|наличие~|διαθέσιμο~|διαθεσιμότητα~|在庫あり|有货
        """,
    "active": """
        active|is active|enabled|is enabled|published|is published|status~|product status~
        visible~|is visible~|online|is online|product online|live~|for sale~|state~
        product enabled|show~|displayed~|activated
        aktiv|aktiviert|ist aktiv|freigeschaltet|veröffentlicht|sichtbar~|online|verkaufsaktiv
        actif|activé|publié|en ligne|visible~|statut~|est actif
        activo|activado|publicado|habilitado|estado~|visible~
        attivo|attivato|pubblicato|abilitato|stato~|visibile~
        actief|gepubliceerd|ingeschakeld|online|zichtbaar~
        aktywny|aktywna|opublikowany|włączony|widoczny~
        aktivní|aktivny|aktívny|zveřejněno|publikováno|zobrazit~|povoleno
        aktiv|publicerad|synlig~|publisert|udgivet|ativo|ativado|publicado|habilitado
        aktiivinen|julkaistu|aktív|publikált|activ|publicat|aktif|yayında|aktivan|objavljen
        активен|активный|активно|опубликован|включен|ενεργό|ενεργός|公開|启用|上架|활성
        """,
    "weight": """
        weight|product weight|item weight|net weight|gross weight|shipping weight|weight value
        package weight~|variant weight
        brgew|ntgew|gewicht|produktgewicht|nettogewicht|bruttogewicht|artikelgewicht|versandgewicht
        poids|poids net|poids brut|peso|peso neto|peso bruto|peso netto|peso lordo
        gewicht|nettogewicht|waga|masa|waga netto|waga brutto|hmotnost|hmotnosť|váha
        vikt|nettovikt|vekt|vægt|nettovægt|paino|súly|tömeg|greutate|ağırlık|težina|masa
        вес|масса|вес нетто|вес брутто|βάρος|重量|重さ|무게|중량
        """,
    "width": """
        width|product width|item width|width value|breite|produktbreite|artikelbreite|largeur
        anchura|ancho|larghezza|breedte|szerokość|šířka|šírka|bredd|bredde|largura|leveys
        szélesség|lățime|latime|genişlik|širina|ширина|πλάτος|幅|宽度|宽|너비|폭
        """,
    "height": """
        height|product height|item height|height value|höhe|hoehe|produkthöhe|artikelhöhe|hauteur
        altura|alto|altezza|hoogte|wysokość|výška|höjd|høyde|højde|altura|korkeus|magasság
        înălțime|inaltime|yükseklik|visina|высота|ύψος|高さ|高度|高|높이
        """,
    "length": """
        length|depth|product length|product depth|item length|item depth|length value
        länge|laenge|tiefe|produktlänge|artikellänge|produkttiefe|longueur|profondeur
        longitud|largo|profundidad|fondo|lunghezza|profondità|lengte|diepte|długość|głębokość
        délka|hloubka|dĺžka|hĺbka|längd|djup|lengde|længde|dybde|comprimento|profundidade
        pituus|syvyys|hossz|hosszúság|mélység|lungime|adâncime|uzunluk|derinlik|duljina|dubina
        длина|глубина|μήκος|βάθος|長さ|奥行|长度|长|深度|길이|깊이
        """,
    "color": """
        color|colour|colors|colours|product color|product colour|item color|color name|colour name
        main color~|primary color~|shade~
        farbe|farben|farbton~|hauptfarbe~|produktfarbe|farbbezeichnung
        couleur|couleurs|coloris|color|colores|colore|colori|kleur|kleuren
        kolor|kolory|barwa|barva|farba|barvy|färg|färger|farge|farve|farver|cor|cores|väri|värit
        szín|színek|culoare|culori|renk|boja|цвет|цвета|χρώμα|色|カラー|颜色|색상
        """,
    "size": """
        size|sizes|product size|item size|size name|clothing size|size label
        größe|groesse|größen|konfektionsgröße|kleidergröße|taille|tailles|pointure~
        talla|tallas|tamaño|taglia|taglie|misura~|maat|maten|rozmiar|rozmiary|velikost|veľkosť
        storlek|størrelse|størrelser|tamanho|tamanhos|koko|méret|mărime|marime|beden|veličina
        размер|размеры|μέγεθος|サイズ|尺码|尺寸~|사이즈
        """,
    "material": """
        material|materials|product material|fabric|main material|material type|material name
        werkstoff|stoff~|materialien|matière|matériau|matériaux|matière principale|tissu~
        materiales|tejido~|materiale|materiali|tessuto~|materiaal|stof~|materiał|tworzywo
        materiál|materiały|tyg~|materialer|tecido~|materiaali|anyag|materiale|malzeme|materijal
        материал|материалы|ткань~|υλικό|素材|材質|材料|材质|소재
        """,
    "gtin": """
        gtin|ean|upc|isbn|barcode|bar code|ean code|ean13|ean 13|ean nr|gtin nr|gtin13|gtin 13
        gtin14|gtin 14|gtin12|gtin 12|gtin8|gtin 8|upc code|upc a|ean upc|gtin ean|ean gtin|isbn13
        isbn 13|jan|jan code|international article nr|european article nr|global trade item nr
        global trade identification nr|variant barcode|barcode ean|ean barcode|ean8
        strichcode|strichcode nr|ean strichcode|code barre|code barres|code à barres|code ean
        código de barras|codigo ean|codice a barre|codice ean|barkode|streepjescode|kod kreskowy
        kod ean|čárový kód|kód ean|čiarový kód|streckkod|stregkode|strekkode|viivakoodi|vonalkód
        cod de bare|cod ean|barkod|bar kod|штрихкод|штрих код|ean код|γραμμωτός κώδικας
        gencod|gencode|jan コード|janコード|バーコード|条形码|条码|바코드
        """,
    "mpn": """
        mpn|manufacturer part nr|manufacturer nr|manufacturer sku|part nr|vendor part nr
        vendor sku|supplier sku|supplier part nr|supplier nr~|vendor nr~|vendor code
        supplier code~
        manufacturer code|manufacturer item nr|manufacturer reference|supplier reference
        manufacturer product nr|oem nr|oem|mfr part nr|mfg part nr|supplier item nr|model nr
        supplier article nr|vendor item nr|manufacturer aid|manufacturer pid
        hersteller nr|herstellerartikelnummer|hersteller artikel nr|herstellernummer
        herstellerteilenummer|hersteller teile nr|teile nr|lieferantenartikelnummer
        lieferanten artikel nr
        lieferantennummer~|teilenummer
        référence fabricant|réf fabricant|référence constructeur|référence fournisseur
        code fabricant
        referencia fabricante|referencia del fabricante|referencia proveedor|código fabricante
        codice produttore|codice fornitore|codice fabbricante|riferimento produttore
        fabrikantcode|artikelnummer fabrikant|artikelnummer leverancier|fabrikant nr
        kod producenta|numer katalogowy producenta|symbol producenta|kod dostawcy|kód výrobce
        číslo dílu|kód dodavatele|kód výrobcu|tillverkarens artikel nr|tillverkar nr
        leverantörens artikel nr
        leverandørens varenr|produsentens varenummer|producentens varenr|referência do fabricante
        código do fabricante|valmistajan tuotenumero|gyártói cikkszám|cod producător|üretici kodu
        артикул производителя|код производителя|парт номер|κωδικός κατασκευαστή|型番|型号~|제조번호
        """,
    "image_url": """
        image url|image|picture|photo|main image|image link|img|img url|image src|picture url
        photo url|thumbnail|thumb|thumbnail url|base image|primary image|featured image
        cover image
        main image url|image 1|product image|product image url|product photo|cover~|default image
        image file~|main picture|primary image url|image href
        bild|bild url|hauptbild|produktbild|bildlink|bildadresse|artikelbild|foto|titelbild
        vorschaubild
        image principale|url image|photo principale|lien image|url de l image|imagen
        imagen principal
        url imagen|url de imagen|foto principal|immagine|immagine principale|url immagine
        afbeelding|afbeelding url|hoofdafbeelding|zdjęcie|obraz|obrazek|zdjęcie główne|url zdjęcia
        obrázek|hlavní obrázek|url obrázku|obrázok|fotka|bildlänk|huvudbild|bilde|billede
        hovedbilde|hovedbillede|billed url|imagem|imagem principal|url da imagem|kuva|pääkuva
        kép|fő kép|kép url|imagine|imagine principală|resim|görsel|slika|glavna slika
        изображение|картинка|фото|ссылка на изображение|главное фото|εικόνα|φωτογραφία
        画像|画像url|メイン画像|图片|主图|图片链接|이미지
        """,
    "images": """
        images|image urls|pictures|photos|gallery|image gallery|all images|additional images
        additional image link|additional image links|picture urls|photo urls|media gallery|imgs
        other images|more images|image links|product images|img urls|media~|additional image urls
        img url alternative|image list|extra images|gallery images
        bilder|bildergalerie|galerie|bild urls|weitere bilder|produktbilder|zusatzbilder|fotos
        images supplémentaires|galerie d images|photos|imágenes|galería|galería de imágenes
        imagenes
        immagini|galleria|galleria immagini|afbeeldingen|fotogalerij|zdjęcia|galeria|galeria zdjęć
        obrázky|galerie obrázků|další obrázky|obrázky|bilder|fler bilder|billeder|flere billeder
        imagens|galeria de imagens|kuvat|képek|galéria|imagini|galerie foto|resimler|görseller
        slike|galerija|изображения|картинки|фотографии|галерея|εικόνες|画像一覧|图片列表|详情图
        """,
    "url": """
        url|product url|link|product link|page url|web address|deeplink|deep link|product page
        external url|website~|landing page|permalink|item url|shop url|product page url|web link
        produkt url|produktlink|produktseite|webadresse|lien|lien produit|url produit|page produit
        enlace|url del producto|url producto|enlace producto|collegamento|link prodotto
        url prodotto
        productlink|productpagina|link do produktu|adres url|odkaz|odkaz na produkt|url produktu
        produktlänk|länk|lenke|produktlenke|link do produto|url do produto|linkki|tuotelinkki
        hivatkozás|termék url|link produs|bağlantı|ürün linki|poveznica
        ссылка|ссылка на товар|url товара|σύνδεσμος|商品url|链接|商品链接|링크
        """,
    "tags": """
        tags|tag|product tags|product tag|labels~|keywords~|keyword~|tag list|item tags|hashtags
        schlagwörter|schlagworte|schlagwort|stichwörter|stichworte|étiquettes|mots clés|mots clefs
        etiquetas|palabras clave|etichette|parole chiave|trefwoorden|labels~|tagi|etykiety
        słowa kluczowe|štítky|klíčová slova|značky~|kľúčové slová|taggar|nyckelord|etiketter
        emneord|stikord|marcadores|palavras chave|avainsanat|tunnisteet|címkék|kulcsszavak
        etichete|cuvinte cheie|etiketler|anahtar kelimeler|oznake|теги|метки|ключевые слова
        ετικέτες|タグ|标签|关键词|태그
        """,
    "meta_title": """
        meta title|seo title|page title|title tag|metatitle|search title|browser title
        google title|balise titre
        seitentitel|meta titel|seo titel|titre seo|titre meta|balise title|méta titre|título seo
        título meta|meta título|titolo seo|titolo meta|meta titolo|seo titel|paginatitel
        tytuł seo|meta tytuł|titulek stránky|meta titulek|seo název|sidtitel|sidetitel
        título da página
        otsikko seo|seo otsikko|seo cím|titlu seo|meta titlu|meta başlık|seo naslov
        заголовок страницы|мета заголовок|seo заголовок|meta タイトル|seo标题
        """,
    "meta_description": """
        meta description|seo description|meta desc|metadescription|search description
        page description|seo text~|google description
        meta beschreibung|seo beschreibung|metabeschreibung|description seo|méta description
        description meta|descripción seo|meta descripción|descripción meta|descrizione seo
        meta descrizione|descrizione meta|meta omschrijving|seo omschrijving|meta beschrijving
        opis seo|meta opis|meta popis|seo popis|meta beskrivning|seo beskrivning|meta beskrivelse
        meta descrição|descrição seo|metakuvaus|meta leírás|seo leírás|meta descriere
        meta açıklama
        мета описание|seo описание|meta 説明|seo描述
        """,
    "tax_class": """
        tax class|tax category|tax code|tax class name|vat class|vat code|tax group|tax type~
        tax rule~|vat category|product tax code|vat rate~|tax rate~|vat~|tax~|tax class id
        steuerklasse|steuersatz~|mwst~|mehrwertsteuer~|umsatzsteuer~|steuergruppe|steuerkategorie
        classe de taxe|tva~|taux de tva~|clase de impuesto|iva~|tipo de iva~|clase fiscal
        classe fiscale|classe di imposta|aliquota iva~|btw tarief~|btw~|btw klasse|btw code
        klasa podatkowa|stawka vat~|vat~|daňová třída|dph~|sazba dph~|daňová trieda
        momsklass|moms~|momssats~|skatteklasse|momskode|classe de imposto|taxa de iva~|veroluokka
        alv~|adóosztály|áfa~|clasă de taxe|tva~|vergi sınıfı|kdv~|porezna klasa|pdv~
        налоговый класс|ндс~|φορολογική κλάση|φπα~|税率~|税区分|税类
        """,
}

CONCEPTS: dict[str, str] = {
    concept: "\n".join((phrases, MORE.get(concept, ""), TRADE.get(concept, "")))
    for concept, phrases in _CONCEPTS.items()
}
