"""Small sets of words the rules ask for. All folded: lower case, no accents."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Words apart."""
    return frozenset(words.split())


# Words that say no more than that a product is meant.
FILLERS = word_set(
    """
    produsului produselor productului προιοντος produktes produits prodotti productos produtos
    produktow produktov termekek urunun izdelkov proizvoda proizvodu varens vares artikeln artiklar
    artikelns tuotteet tuotteiden продукт продукти προιον προιοντα produto artykulu artykul artiklu
    artikl artikul tuotteelle html 物料 货品 품목 자재 品目 материала malzeme the a an of for my
    our product products item items article articles catalog catalogue prod produkt produkts
    produkte artikel artikels ware waren artikkel vare varen tuote termek produit du de la le l d
    des producto del articulo el los prodotto articolo di dello della il artigo do da os towaru
    towar produktu zbozi tovaru tovar produs urun proizvod товара товар продукта value field column
    attribute attr g feed google shopping der die das vom von den van het een en default part
    position std unser unsere ihr ihre notre votre nuestro nuestra onze uw nasz vores din oferty
    aukcji annonce anuncio inserat listing 商品 产品 制品 상품 제품 宝贝 物品 منتج صنف سلعة مادة
    מוצר פריט สินค้า produk barang preke prekes preces toote toode izdelka izdelek artikla artikal
    termeku polozka polozky pozycja pozycji varunr tuotteen товарa товару изделия позиции позиція
    ειδους προϊον
    """
)

# Prices of something else than the product.
SERVICE_WORDS = word_set(
    """
    delivery shipping freight postage handling versand fracht lieferung porto livraison envio
    spedizione verzend dostawy wysylki doprava doprovod frakt fragt deposit pfand kaution setup
    installation montage surcharge fee aufpreis zuschlag per pro je points level tier staffel
    """
)
# A column named after the product itself holds its name, if its values are texts.
PRODUCT_WORDS = word_set(
    """
    product item article produkt artikel ware artikkel vare tuote termek produit articolo prodotto
    producto articulo produto artigo towar zbozi tovar produs urun proizvod товар продукт 商品 产品
    制品 상품 제품
    """
)

# What words without their vowels, or cut to a syllable, stand for in columns of databases.
ABBREVIATIONS = {
    short: word
    for word, shorts in {
        "item": "itm", "product": "prd prdct prdt", "article": "artcl", "nr": "nbr nmbr numb nmr",
        "name": "nm nme nam", "code": "cd cde", "brand": "brnd brd", "color": "clr colr",
        "size": "sz siz", "retail": "rtl", "cost": "cst", "vendor": "vndr vnd", "price": "prc",
        "description": "dscr dsc dscrptn descrip", "weight": "wgt wght", "height": "hgt hght",
        "width": "wdth wid", "length": "lgth lngth", "department": "dpt deptmt",
        "category": "ctgry catg ctg categ", "image": "imge", "purchase": "purch pur",
        "wholesale": "whsl whlsl", "status": "sts stts", "currency": "crncy curr",
        "manufacturer": "mnfctr mfgr manu", "supplier": "splr suppl supp", "on hand": "oh onhnd",
        "material": "mtrl matl", "barcode": "brcd bcode", "available": "avlbl avl",
        "inventory": "invtry invt", "prezzo": "prz prezz", "acquisto": "acq acqu",
        "listino": "lis", "merceologico": "merc", "gruppo": "gru", "vendita": "vend",
        "precio": "prec", "preis": "prs", "bezeichnung": "bezeichn bzg", "artikel": "artik",
        "lagerbestand": "lagbest lbst", "hersteller": "hrst", "omschrijving": "omschr oms",
        "voorraad": "vrd voorr", "inkoop": "ink", "cantidad": "cant", "existencia": "exis",
        "quantite": "qtt", "designation": "desig", "libelle": "libel", "fournisseur": "fourn frn",
    }.items()
    for short in shorts.split()
}  # fmt: skip

# What syllables stand for, glued in names of databases: `ITMWEI`.
SYLLABLES = {
    "wei": "weight", "pri": "price", "bas": "base", "sto": "stock", "phy": "physical",
    "des": "description", "cod": "code", "ref": "reference", "sta": "status", "cur": "currency",
    "cat": "category", "mar": "marca", "can": "cantidad", "pro": "proveedor",
    "for": "fornitore",
}  # fmt: skip

# Grammar: headers come with it and without (`código de barras`, `codigo_barras`).
PARTICLES = word_set(
    "de del della dello di do da du des d l la le el los the of for a der die das von"
)

# Words between others that change nothing in a header: `Gewicht in kg`, `cena s DPH`.
PREPOSITIONS = word_set(
    """
    is it our your this we das dem den des einer eines im bei nach zu les un une dans las los gli
    dei degli delle allo alla dal dos nas nos ao pelo pela com op aan bij voor przy u od po oraz
    pri k o se iz sa si av till fran ett det som ja es ai ale al la pe din ile icin во в с к об у и
    из за при через з від та й ο η το οι τα του της των στο στη στην στον στα με απο και ανα في من
    على إلى مع של על עם את の на по sur sul sulla sui nel nella no au aux auf am mi ve v az para
    pour dla pro ze och e in en em w z s cu con avec with mit med na za per par fur for di da aus
    von to i y und and et og of on at zum zur naar til pentru для от со via προς για
    """
)

# The last part of a nested value that is just its parent's (`weight.value`, `preis.betrag`).
VALUE_WORDS = word_set(
    """
    value values amount text content betrag wert werte montant valeur valeurs importe valor valores
    importo valore valori bedrag waarde waarden kwota wartosc wartosci hodnota hodnoty castka belopp
    belob varde verdi vaerdi ertek arvo deger degeri valoare vrijednost значение 値 값 值
    """
)
# The word beside it, in the column that says what the value is of.
NAME_WORDS = word_set(
    """
    name names nom nombre nome naam nazwa nazev nev namn navn nimi ad adi isim denumire naziv
    bezeichnung название имя 名 名前 名称 이름 label title code
    """
)
# What has a name of its own: `brand.name` is the brand.
NAMED_CONCEPTS = word_set("brand category color material size tags tax_class")
MAIN_WORDS = word_set(
    "main primary first cover default base haupt principal principale hoofd hlavni"
)
LINK_WORDS = word_set("url src link href uri path file filename odkaz lien enlace adres")
PRICED_CONCEPTS = word_set("price sale_price cost")

# As FILLERS, but only beside what a variant has of its own: its name is another thing.
VARIANT_WORDS = word_set(
    """
    variant variants variante variation
    """
)
VARIANT_CONCEPTS = word_set(
    """
    sku price gtin weight quantity cost currency tax_class mpn sale_price in_stock active width
    height length
    """
)

# Segments before the last one (`dimensions.width`, `meta.barcode`) that don't change its meaning.
NEUTRAL_PARENTS = word_set(
    """
    fiche ficha scheda karta kort datenblatt
    settings flags basics identifiers identification ids codes edges nodes keys offers
    display i18n l10n stocks afmetingen wymiary rozmery mal mitat meretek dimensiuni dimensoes
    medidas dimensioni olculer габариты размеры διαστασεις 尺寸 규격 أبعاد size_info dim dims
    logistics physicaldata meta dimension dimensions product products item attributes attribute
    custom field fields custom_field g variant data element descriptive collateral supply
    stock_info details detail info inventory pricing google shopping physical measurements measures
    masse abmessungen general basic allgemein common core root offer art translated translation
    translations localized texts content stammdaten base shopitem record row node variants skus
    channel channels pricings sellable attrs params param specs spec specification specifications
    properties property props characteristics eigenschaften merkmale caracteristiques parametry
    """
)

DIMENSION_WORDS = word_set(
    """
    dimension dimensions dim dims size sizes measurements measures masse abmessungen afmetingen
    wymiary rozmery mal mitat meretek dimensiuni dimensoes medidas dimensioni dimensiones
    """
)
# Headers that name a measure or a count: a column of 0 and 1 below them is no yes/no.
COUNT_WORDS = word_set(
    """
    id ids code rule regla regel regle key
    count limit days day qty quantity number nr amount position order sort rank min max minimum
    maximum weight width height length depth size stock rating score level total sum months
    hours minutes years year percent percentage rate price cost discount points units pieces
    anzahl menge tage stunden jahre reihenfolge sortierung bestand preis nombre jours quantite
    cantidad dias quantita giorni aantal dagen ilosc dni mnozstvi pocet antal dagar  quantidade
    einheit unit version age capacity power voltage
    """
)
QUESTION_WORDS = word_set(
    """
    track manage requires require includes
    is has can allow allows allowed are was use uses enable show ist hat kann darf est a  es
    tiene puede ha puo heeft mag czy ma je har kan tem pode
    contient contiene contains enthalt bevat zawiera obsahuje includes
    """
)
PRICE_WORDS = word_set(
    """
    price prices preis preise prix precio precios prezzo prezzi prijs cena ceny pris preco
    hinta  ar pret fiyat cijena цена τιμη msrp rrp uvp pvp cost costs kosten cout coste costo
    koszt  custo fee surcharge aufpreis zuschlag verkaufspreis einkaufspreis
    """
)
# Texts that tell something else than what a product is.
OTHER_TEXTS = word_set(
    """
    ingredients ingredient zutaten ingredienti ingredientes ingredienser ainesosat skladniki
    slozeni zlozenie osszetevok ingrediente icindekiler состав care pflege entretien cuidado cura
    pflegehinweis washing lavaggio lavado lavage waschen legal pflichttext risk hazard gefahr
    danger usage use anwendung utilisation uso warranty garantie garancia terms conditions
    instructions anleitung montage safety sicherheit allergens allergene compatibility features
    feature bullet shipping delivery versand return returns dosage dosierung indication
    highlights benefits vorteile review reviews faq scope lieferumfang contents
    """
)
# A price the maker or the market names: it yields to the shop's own.
NAMED_PRICES = word_set(
    """
    hurtowa hurt wholesale grosir grossiste mayorista ingrosso groothandel velkoobchodni nagyker
    tukku hulgi оптовая оптова опт χονδρικη 批发 卸 도매 جملة toptan bayi dealer trade revendeur
    handler haendler mrp list listen listino lista liste listpris katalog katalogowa catalog
    catalogue catalogo uvp rrp msrp srp recommended suggested empfohlener empfohlene conseille
    recomendado consigliato aanbevolen advies sugerowana doporucena odporucana vejl vejledende veil
    veiledende rek ca cirka suositus ohje ajanlott fogyasztoi recomandat tavsiye piyasa market
    рекомендованная рекомендуемая ррц препоръчителна προτεινομενη 定价 市场 吊牌 希望 参考 소비자
    소비자가 정가 시중 standard default base basis
    """
)
# Beside a word for a price: what it is per, which kind it is.
NO_AMOUNT = word_set(
    """
    ratio verhaltnis percent prozent coefficient koeffizient koeficient
    kennzeichen einheit unit code gruppe group type typ art list liste key date datum from until
    flag factor faktor level status class klasse categoria grupo gruppo groupe grupa unite unidad
    """
)
LIST_WORDS = word_set(
    """
    tags categories keywords images pictures photos gallery colors colours sizes features
    labels  materials options values upsells bilder kategorien farben schlagworte merkmale
    bullets  couleurs tailles categorias etiquetas colores categorie immagini colori zdjecia
    obrazky  ingredients allergens certifications languages tagi related accessories zubehor
    """
)
MEANINGLESS = word_set(
    """
    column col field feld spalte colonne columna colonna kolom kolumna sloupec kolumn coluna
    unnamed unknown other misc sonstiges x y z a b c var value wert data attribut feature
    merkmal custom none null na
    """
)
YES_NO_WORDS = word_set(
    "true false yes no ja nein oui non si sí sì s tak nie ano áno ne y n t f j o nee nej nei sim"
    " não  kyllä ei igen nem da nu evet hayır да нет так ні не ναι όχι はい いいえ 是 否 예 아니오"
    " نعم لا כן לא ya tidak có không"
)
LANGUAGES = word_set(
    """
    en de fr es it nl pl cs cz sk sv se da dk nb nn fi pt hu ro ru uk bg el tr hr sl sr et lv lt
    ja zh ko ar he
    """
)
# What else a language is called behind a name.
LANGUAGE_NAMES = {
    word: code
    for code, words in {
        "en": "eng english englisch anglais inglese ingles engels angielski anglicky английский",
        "de": "deu ger deutsch german allemand tedesco aleman duits niemiecki nemecky немецкий",
        "fr": "fra fre french français francais franzosisch",
        "es": "spa spanish espanol castellano",
        "it": "ita italian italiano italienisch",
        "nl": "nld dutch nederlands",
        "pl": "polski polish",
        "cs": "cze ces cesky czech",
        "ru": "rus рус русский russian",
        "uk": "ua ukr укр українська ukrainian",
        "bg": "бг bul",
        "sv": "swe svenska",
        "da": "dansk",
        "nb": "norsk",
        "fi": "fin suomi suomeksi",
        "hu": "hun magyar",
        "ja": "jpn 日本語",
        "zh": "chn 中文 chinese",
    }.items()
    for word in words.split()
}
# Also ordinary words or parts of names: a language only when joined to the rest by - or _.
SHY_LANGUAGES = word_set("it no se cs ar he el et sl da")
UNITS = word_set(
    """
    kg g gr gram grams mg lb lbs oz t cm mm m km in inch inches ft l ml cl w kw v a mah hz db pcs
    stk pc st stuck kilogram kilograms gramos gramas grammi gramme grammes gramm gramow gramu kilo
    kilos kilogramm kilogramos kilogrammes chilogrammi γρ γραμ γραμμαρια κιλα κιλο εκ χιλ λτ גרם קג
    סמ مم سم جم جرام غرام كجم كغ كيلو 克 公克 千克 公斤 厘米 公分 毫米 グラム キロ 그램 กรัม libras
    pounds ounces centimetros centimetri centimetres zentimeter millimeter milimetros centimeter
    грамм граммах litre liter pct percent cbm qm кг г мм см м шт л
    """
)
MEASURES = word_set("litre liter litr kg g gr l ml cl m qm cbm cm lb oz кг г л м")
NUMBER_WORDS = word_set(
    "no nr num number nummer numero numer numeru cislo numara nro номер broj szam"
)
# Columns of these speak of something beside the product: no code or text of it.
NOT_OF_THE_PRODUCT = word_set(
    """
    accessory accessories zubehor accessoire accessoires accesorios upsell cross predecessor
    vorganger recommended required parent master group family variant vater eltern parente padre
    pai nadrazeny rodzic category kategorie categorie categoria tax vat hs tariff customs taric
    zoll douane slug handle brand supplier vendor customer user order invoice batch lot charge
    serial replacement successor nachfolger alternative similar related bundle carton case pallet
    umkarton note notes comment remark bemerkung hinweis warning location lagerplatz bin shelf old
    alt swatch logo icon video manual datasheet pdf certificate energy label document
    """
)
# A count of something, beside a word nothing is known of: of parts, of pages.
COUNTING = word_set(
    """
    antal antall anzahl number count nombre numero aantal liczba pocet adet adedi ilosc mennyiseg
    numar количество кількість брой αριθμος 数 数量 个数 件数 pieces pcs kpl szt ks stk units qty
    quantity qte menge cantidad quantita quantidade maara kolicina kiekis 수량 عدد מספר skaits arv
    """
)
# With one of these a count or an amount is not what is on hand, or what the product costs.
OTHER_AMOUNTS = word_set(
    """
    упаковке упаковки упаковкой packed verpackt ve vpe kolli colli vrac 包装
    verkaufte verkauften vendu vendus vendute sprzedane prodano sprzedanych myyty eladott satilan
    продано min max minimum maximum mindest minima minimo minimale minimalna reserved reserviert
    sold vendidos verkauft ordered bestellt incoming review reviews rating ratings views pack packs
    box pallet palette case carton karton inner outer level count order orders bestellung returned
    capacity load limit tolerance volumetric unit units recipient belastbarkeit tragkraft traglast
    old alt ancien anterior precedente stara puvodni before original was compare competitor map per
    """
)
