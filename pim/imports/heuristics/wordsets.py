"""Small sets of words the rules ask for. All folded: lower case, no accents."""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """Words apart."""
    return frozenset(words.split())


# Words that say no more than that a product is meant.
FILLERS = word_set(
    """
    the a an of for my our product products item items article articles catalog catalogue prod
    produkt produkts produkte artikel artikels ware waren artikkel vare varen tuote termek
    produit produits du de la le l d des article producto productos del articulo el los
    prodotto prodotti articolo di dello della il artigo produto do da os  towaru towar produktu
    zbozi tovaru tovar produs urun proizvod proizvoda  товара товар продукта value field column
    attribute attr g feed google shopping  der die das des vom von den van het een en default
    part position std unser unsere ihr ihre notre votre nuestro nuestra onze uw nasz vores vare din
    oferty aukcji annonce anuncio inserat listing
    商品 产品 制品 상품 제품 宝贝 物品 منتج صنف سلعة مادة מוצר פריט สินค้า produk barang preke prekes
    preces toote toode izdelka izdelek artikla artikl artikal termeku zbozi polozka polozky pozycja
    pozycji varunr tuotteen termekek urunun товарa товару изделия позиции позиція προιοντος ειδους
    προϊον
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

# Grammar: headers come with it and without (`código de barras`, `codigo_barras`).
PARTICLES = word_set(
    "de del della dello di do da du des d l la le el los the of for a der die das von"
)

# Words between others that change nothing in a header: `Gewicht in kg`, `cena s DPH`.
PREPOSITIONS = word_set(
    """
    in en em w z s se cu con com avec with mit med na za per pro par pour fur for di da aus von to
    i y und and et e og och ja of on at zum zur naar til till pentru на для от по к до со via προς
    για
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
    sku price gtin weight quantity cost currency tax_class mpn sale_price in_stock
    """
)

# Segments before the last one (`dimensions.width`, `meta.barcode`) that don't change its meaning.
NEUTRAL_PARENTS = word_set(
    """
    meta dimension dimensions product products item attributes attribute custom field fields
    custom_field g variant data element descriptive collateral supply stock_info details detail
    info inventory pricing google shopping physical measurements measures masse abmessungen general
    basic allgemein common core root offer art translated translation translations localized i18n
    texts content stammdaten base shopitem record row node variants skus channel channels pricings
    sellable attrs params param specs spec specification specifications properties property props
    characteristics eigenschaften merkmale caracteristiques parametry
    """
)

# Headers that name a measure or a count: a column of 0 and 1 below them is no yes/no.
COUNT_WORDS = word_set(
    """
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
# Beside a word for a price: what it is per, which kind it is.
NO_AMOUNT = word_set(
    """
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
    " نعم لا כן לא"
)
LANGUAGES = word_set(
    """
    en de fr es it nl pl cs cz sk sv se da dk nb nn fi pt hu ro ru uk bg el tr hr sl sr et lv lt
    ja zh ko ar he
    """
)
# Also ordinary words or parts of names: a language only when joined to the rest by - or _.
SHY_LANGUAGES = word_set("it no se cs ar he el et sl da")
UNITS = word_set(
    """
    kg g gr gram grams mg lb lbs oz t cm mm m km in inch inches ft l ml cl w kw v a mah hz db pcs
    stk pc st stuck kilogram kilograms gramos gramas grammi gramme grammes gramm gramow gramu
    kilo kilos kilogramm
    kilogramos kilogrammes chilogrammi libras pounds ounces centimetros centimetri centimetres
    zentimeter millimeter milimetros centimeter грамм граммах litre liter pct percent cbm qm кг
    г мм см м шт л
    """
)
NUMBER_WORDS = word_set(
    "no nr num number nummer numero numer numeru cislo numara nro номер broj szam"
)
# Columns of these speak of something beside the product: no code or text of it.
NOT_OF_THE_PRODUCT = word_set(
    """
    parent master group family variant vater eltern parente padre pai padre nadrazeny rodzic
    category kategorie categorie categoria tax vat hs tariff customs taric zoll douane
    slug handle brand supplier vendor customer user order invoice batch lot charge serial
    replacement successor nachfolger alternative similar related bundle carton case pallet umkarton
    note notes comment remark bemerkung hinweis warning location lagerplatz bin shelf old alt
    swatch logo icon video manual datasheet pdf certificate energy label document
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
    min max minimum maximum mindest minima minimo minimale minimalna minimum reserved reserviert
    sold vendidos verkauft ordered bestellt incoming review reviews rating ratings views pack packs
    box pallet palette case carton karton inner outer level count order orders bestellung returned
    capacity load limit tolerance volumetric unit units recipient belastbarkeit tragkraft traglast
    old alt ancien anterior precedente stara puvodni before original was compare competitor map per
    """
)
