"""Small made-up catalogs in many languages and manners, with the targets their columns may have.

Each line is `header | targets | types | values`, values apart by ` ; `. Targets as in the answers
of `bench/mapping.py`: `new` is a new field of any name, `ignore` none. Nothing here is taken from a
real catalog.
"""

# ruff: noqa: E501 - a line is a column

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SCHEMA = (
    ("description", "string"),
    ("short_description", "string"),
    ("brand", "string"),
    ("category", "array"),
    ("price", "price"),
    ("sale_price", "price"),
    ("currency", "string"),
    ("cost", "price"),
    ("quantity", "number"),
    ("in_stock", "boolean"),
    ("weight", "number"),
    ("width", "number"),
    ("height", "number"),
    ("length", "number"),
    ("color", "string"),
    ("size", "string"),
    ("material", "string"),
    ("gtin", "string"),
    ("mpn", "string"),
    ("image_url", "url"),
    ("images", "array"),
    ("url", "url"),
    ("tags", "array"),
    ("meta_title", "string"),
    ("meta_description", "string"),
    ("tax_class", "string"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its values and what is acceptable for it."""

    header: str
    targets: tuple[str, ...]
    types: tuple[str, ...]
    values: tuple[str, ...]


def catalog(text: str) -> list[Column]:
    """Read the notation above."""
    columns = []
    for line in text.strip().splitlines():
        header, targets, types, values = (part.strip() for part in line.split(" | "))
        cells = tuple(value.strip() for value in f" {values} ".split(" ;"))
        columns.append(Column(header, tuple(targets.split()), tuple(types.split()), cells))
    return columns


def catalogs(text: str) -> dict[str, list[Column]]:
    """Read several, each below a line with # and its name."""
    parts = text.split("\n# ")[1:]
    return {name: catalog(lines) for name, _, lines in (part.partition("\n") for part in parts)}


CATALOGS: dict[str, list[Column]] = {
    name: catalog(text)
    for name, text in {
        "german_erp": """
ART_NR | sku | string | 100.200 ; 100.201 ; 100.305 ; 200.001
BEZ1 | name | string | Akkuschrauber 18V ; Bohrhammer ; Stichsäge ; Winkelschleifer
BEZ2 | new short_description ignore | string | mit Koffer ; SDS-plus ; 500 W ; 125 mm
LANGTEXT | description | string | Kräftiger Schrauber für jeden Tag. ; Bohrt durch Beton und Stein. ; Sägt genau und leise. ; Schleift und trennt.
EK_NETTO | cost | price number | 45,90 ; 88,00 ; 31,20 ; 29,99
VK_BRUTTO | price | price number | 89,00 ; 149,00 ; 59,90 ; 54,95
VPE | new | number | 1 ; 1 ; 5 ; 10
ME | new ignore | string | ST ; ST ; ST ; KAR
WGR | category new | string array | Werkzeug ; Werkzeug ; Sägen ; Schleifen
EAN | gtin | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
HERST | brand | string | Nordwerk ; Nordwerk ; Sägefix ; Funkenflug
HERST_ARTNR | mpn | string | NW-18-2 ; NW-BH-4 ; SF500 ; WS-125
GEW_KG | weight | number | 1,4 ; 3,2 ; 2,1 ; 1,9
BEST | quantity | number | 12 ; 0 ; 44 ; 7
MWST | tax_class new | number string | 19 ; 19 ; 19 ; 19
AKTIV_KZ | active | boolean | J ; J ; N ; J
""",
        "spanish_shop": """
Cód. artículo | sku | string | SIL-01 ; SIL-02 ; MES-01 ; LAM-09
Denominación | name | string | Silla de roble ; Silla de pino ; Mesa redonda ; Lámpara de pie
Descripción ampliada | description | string | Silla maciza con respaldo alto. ; Silla ligera y apilable. ; Mesa para cuatro personas. ; Lámpara con pantalla de lino.
Familia | category new | string array | Sillas ; Sillas ; Mesas ; Iluminación
PVP (€) | price | price number | 79,90 ; 45,00 ; 199,00 ; 89,50
Precio oferta | sale_price | price number | 69,90 ; 39,00 ; 179,00 ; 79,50
Precio coste | cost | price number | 40,10 ; 21,00 ; 99,00 ; 45,00
Existencias | quantity | number | 15 ; 3 ; 0 ; 22
Disponible | in_stock active | boolean | Sí ; Sí ; No ; Sí
Color | color | string | Natural ; Blanco ; Nogal ; Negro
Medidas | new size | string | 45x45x90 cm ; 40x42x80 cm ; 120x75 cm ; 30x150 cm
Peso (kg) | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Ancho (cm) | width | number | 45 ; 40 ; 120 ; 30
Alto (cm) | height | number | 90 ; 80 ; 75 ; 150
Fondo (cm) | length | number | 45 ; 42 ; 120 ; 31
Código de barras | gtin | string | 8412345000014 ; 8412345000021 ; 8412345000038 ; 8412345000045
Fabricante | brand | string | Robles SL ; Pinar ; Robles SL ; Lumina
Garantía (meses) | new | number | 24 ; 24 ; 36 ; 24
Imagen principal | image_url | url string | https://img.test/s1.jpg ; https://img.test/s2.jpg ; https://img.test/m1.jpg ; https://img.test/l9.jpg
Publicado | active | boolean | Sí ; Sí ; No ; Sí
""",
        "polish_wholesale": """
Indeks | sku | string | PL/0001 ; PL/0002 ; PL/0003 ; PL/0104
Nazwa towaru | name | string | Kubek ceramiczny ; Talerz płaski ; Miska sałatkowa ; Dzbanek
Opis | description | string | Kubek z uchem, 300 ml. ; Talerz obiadowy, biały. ; Miska do sałatek, szkło. ; Dzbanek na wodę, litr.
Producent | brand | string | Ceramika Nowa ; Ceramika Nowa ; Szkło Dom ; Szkło Dom
Grupa towarowa | category | string array | Kubki ; Talerze ; Miski ; Dzbanki
Cena netto | price new | price number | 12,50 ; 18,00 ; 33,40 ; 41,00
Cena brutto | price | price number | 15,38 ; 22,14 ; 41,08 ; 50,43
Cena zakupu | cost | price number | 7,20 ; 9,90 ; 19,00 ; 22,00
Stawka VAT | tax_class new | string number | 23% ; 23% ; 23% ; 23%
Stan mag. | quantity | number | 120 ; 60 ; 14 ; 0
J.m. | new ignore | string | szt ; szt ; szt ; kpl
Waga [kg] | weight | number | 0,35 ; 0,5 ; 0,9 ; 1,2
Kod EAN | gtin | string | 5901234000017 ; 5901234000024 ; 5901234000031 ; 5901234000048
Symbol producenta | mpn | string | CN-300 ; CN-27 ; SD-M1 ; SD-D1
Kolor | color | string | biały ; biały ; przezroczysty ; zielony
Zdjęcie | image_url images | url string | https://foto.test/1.jpg ; https://foto.test/2.jpg ; https://foto.test/3.jpg ; https://foto.test/4.jpg
Czas dostawy | new | string | 24h ; 24h ; 3 dni ; 7 dni
""",
        "japanese_export": """
商品番号 | sku | string | JP-1001 ; JP-1002 ; JP-1003 ; JP-1004
商品名 | name | string | 木製椅子 ; 丸テーブル ; 卓上ランプ ; 本棚
商品説明 | description | string | 無垢材を使った椅子です。 ; 四人掛けのテーブルです。 ; 読書に最適なランプです。 ; 五段の本棚です。
ブランド名 | brand | string | 森工房 ; 森工房 ; 灯屋 ; 森工房
カテゴリ | category | string array | 椅子 ; テーブル ; 照明 ; 収納
販売価格 | price | price number | 12800 ; 34000 ; 5600 ; 21000
仕入価格 | cost | price number | 7000 ; 19000 ; 2500 ; 11000
在庫数 | quantity | number | 5 ; 2 ; 40 ; 0
JANコード | gtin | string | 4901234567894 ; 4901234567900 ; 4901234567917 ; 4901234567924
カラー | color | string | ナチュラル ; ナチュラル ; 黒 ; 白
重量(g) | weight | number | 4200 ; 15000 ; 800 ; 12000
画像URL | image_url images | url | https://img.test/j1.jpg ; https://img.test/j2.jpg ; https://img.test/j3.jpg ; https://img.test/j4.jpg
素材 | material | string | 樫 ; 樫 ; 真鍮 ; 松
発売日 | new | string | 2024-04-01 ; 2024-05-01 ; 2023-11-15 ; 2022-02-02
""",
        "dutch_supplier": """
Artikelnummer | sku | string | 7001 ; 7002 ; 7010 ; 7044
Omschrijving | name description | string | Eiken stoel ; Grenen stoel ; Ronde tafel ; Staande lamp
Lange omschrijving | description | string | Massief eiken met hoge rug. ; Licht en stapelbaar. ; Tafel voor vier personen. ; Lamp met linnen kap.
Merk | brand | string | Noordhout ; Noordhout ; Rondo ; Lumen
Productgroep | category | string array | Stoelen ; Stoelen ; Tafels ; Verlichting
Verkoopprijs incl. BTW | price | price number | 79,95 ; 44,95 ; 199,00 ; 89,50
Inkoopprijs | cost | price number | 38,00 ; 20,50 ; 99,00 ; 41,00
Voorraad | quantity | number | 4 ; 0 ; 12 ; 30
EAN-code | gtin | string | 8712345000013 ; 8712345000020 ; 8712345000037 ; 8712345000044
Kleur | color | string | naturel ; wit ; noten ; zwart
Gewicht (kg) | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Breedte (cm) | width | number | 45 ; 40 ; 120 ; 30
Hoogte (cm) | height | number | 90 ; 80 ; 75 ; 150
Diepte (cm) | length | number | 45 ; 42 ; 120 ; 30
Levertijd | new | string | 2 dagen ; 1 week ; 2 dagen ; 3 weken
Min. afname | new | number | 1 ; 4 ; 1 ; 2
Afbeelding 1 | image_url images | url | https://img.test/n1.jpg ; https://img.test/n2.jpg ; https://img.test/n3.jpg ; https://img.test/n4.jpg
Afbeelding 2 | images new ignore | url | https://img.test/n1b.jpg ; https://img.test/n2b.jpg ; https://img.test/n3b.jpg ; https://img.test/n4b.jpg
Online zichtbaar | active new | boolean | ja ; ja ; nee ; ja
""",
        "turkish_shop": """
Stok Kodu | sku | string | TR-01 ; TR-02 ; TR-03 ; TR-04
Ürün Adı | name | string | Ahşap sandalye ; Yuvarlak masa ; Abajur ; Kitaplık
Ürün Açıklaması | description | string | Masif meşe sandalye. ; Dört kişilik masa. ; Keten başlıklı abajur. ; Beş raflı kitaplık.
Marka | brand | string | Meşe ; Meşe ; Işık ; Raf
Kategori | category | string array | Sandalyeler ; Masalar ; Aydınlatma ; Kitaplıklar
Satış Fiyatı | price | price number | 1.299,90 ; 3.499,00 ; 459,50 ; 2.100,00
İndirimli Fiyat | sale_price | price number | 1.199,90 ; 3.299,00 ; 399,50 ; 1.999,00
Alış Fiyatı | cost | price number | 700,00 ; 1.900,00 ; 210,00 ; 1.050,00
Para Birimi | currency | string | TRY ; TRY ; TRY ; TRY
Stok Adedi | quantity | number | 14 ; 3 ; 60 ; 0
Barkod | gtin | string | 8690123000014 ; 8690123000021 ; 8690123000038 ; 8690123000045
KDV Oranı | tax_class new | number string | 20 ; 20 ; 20 ; 20
Renk | color | string | Doğal ; Ceviz ; Beyaz ; Siyah
Beden | size | string | S ; M ; L ; XL
Ağırlık | weight | number | 5,2 ; 22 ; 1,1 ; 17
Görsel 1 | image_url images | url | https://img.test/t1.jpg ; https://img.test/t2.jpg ; https://img.test/t3.jpg ; https://img.test/t4.jpg
Kargo Süresi | new | string | 1-2 gün ; 3-5 gün ; 1-2 gün ; 7 gün
""",
        "italian_erp": """
Cod. Art. | sku | string | IT100 ; IT101 ; IT205 ; IT330
Descrizione | name description | string | Sedia in rovere ; Sedia in pino ; Tavolo tondo ; Lampada da terra
Descrizione estesa | description | string | Sedia massiccia con schienale alto. ; Leggera e impilabile. ; Tavolo per quattro persone. ; Lampada con paralume in lino.
Marchio | brand | string | Rovere Srl ; Pino ; Rovere Srl ; Lume
Cat. merceologica | category | string array | Sedie ; Sedie ; Tavoli ; Illuminazione
Prezzo listino | price | price number | € 79,90 ; € 45,00 ; € 199,00 ; € 89,50
Prezzo netto acquisto | cost | price number | 40,10 ; 21,00 ; 99,00 ; 45,00
Giacenza | quantity | number | 15 ; 3 ; 0 ; 22
U.M. | new ignore | string | PZ ; PZ ; PZ ; CF
Aliquota IVA | tax_class new | number string | 22 ; 22 ; 22 ; 22
Barcode | gtin | string | 8001234000012 ; 8001234000029 ; 8001234000036 ; 8001234000043
Peso lordo kg | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Larghezza | width | number | 45 ; 40 ; 120 ; 30
Altezza | height | number | 90 ; 80 ; 75 ; 150
Profondità | length | number | 45 ; 42 ; 120 ; 30
Colore | color | string | naturale ; bianco ; noce ; nero
Materiale | material | string | rovere ; pino ; noce ; metallo
Conf. | new | number | 1 ; 4 ; 1 ; 2
Attivo | active | boolean | S ; S ; N ; S
""",
        "russian_price_list": """
Артикул | sku | string | RU-1 ; RU-2 ; RU-3 ; RU-4
Наименование | name | string | Стул дубовый ; Стол круглый ; Лампа ; Полка
Описание | description | string | Прочный стул из дуба. ; Стол на четверых. ; Лампа с абажуром. ; Полка на пять ярусов.
Бренд | brand | string | Дуб ; Дуб ; Свет ; Полка
Группа | category new | string array | Стулья ; Столы ; Свет ; Полки
Цена, руб. | price | price number | 4 500,00 ; 12 000,00 ; 1 250,50 ; 7 800,00
Закупочная цена | cost | price number | 2 500,00 ; 7 000,00 ; 600,00 ; 4 000,00
Остаток | quantity | number | 5 ; 0 ; 17 ; 3
Штрихкод | gtin | string | 4601234567893 ; 4601234567909 ; 4601234567916 ; 4601234567923
Вес, кг | weight | number | 5,2 ; 22 ; 1,1 ; 17
Цвет | color | string | дуб ; орех ; белый ; чёрный
Ед. изм. | new ignore | string | шт ; шт ; шт ; компл
Страна | new | string | Россия ; Россия ; Китай ; Россия
Фото | image_url images | url | https://img.test/r1.jpg ; https://img.test/r2.jpg ; https://img.test/r3.jpg ; https://img.test/r4.jpg
""",
        "french_abbreviated": """
REF | sku | string | FR-A1 ; FR-A2 ; FR-B1 ; FR-C9
LIB_COURT | name short_description | string | Chaise chêne ; Chaise pin ; Table ronde ; Lampadaire
DESC_LONGUE | description | string | Chaise massive à dossier haut. ; Légère et empilable. ; Table pour quatre. ; Lampadaire en lin.
MARQUE | brand | string | Chêne & Co ; Pin ; Chêne & Co ; Lumière
PX_ACHAT_HT | cost | price number | 40,10 ; 21,00 ; 99,00 ; 45,00
PX_VENTE_TTC | price | price number | 79,90 ; 45,00 ; 199,00 ; 89,50
TX_TVA | tax_class new | number string | 20 ; 20 ; 20 ; 20
QTE_STOCK | quantity | number | 15 ; 3 ; 0 ; 22
POIDS_G | weight | number | 6500 ; 3200 ; 24000 ; 4100
GENCOD | gtin | string | 3760123000010 ; 3760123000027 ; 3760123000034 ; 3760123000041
RAYON | category | string array | Chaises ; Chaises ; Tables ; Luminaires
COULEUR | color | string | naturel ; blanc ; noyer ; noir
URL_PHOTO | image_url images | url | https://img.test/f1.jpg ; https://img.test/f2.jpg ; https://img.test/f3.jpg ; https://img.test/f4.jpg
COND | new | number | 1 ; 4 ; 1 ; 2
""",
        "marketplace_flat_file": """
item_sku | sku | string | MK-1 ; MK-2 ; MK-3 ; MK-4
item_name | name | string | Oak chair ; Pine chair ; Round table ; Floor lamp
external_product_id | gtin new | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
external_product_id_type | new ignore | string | EAN ; EAN ; EAN ; EAN
brand_name | brand | string | Oakly ; Oakly ; Rondo ; Lumo
product_description | description | string | Solid chair with a high back. ; Light and stackable. ; Table for four. ; Lamp with a linen shade.
item_type_keyword | new ignore category | string | chairs ; chairs ; tables ; lamps
standard_price | price | price number | 79.90 ; 45.00 ; 199.00 ; 89.50
quantity | quantity | number | 15 ; 3 ; 0 ; 22
main_image_url | image_url | url | https://img.test/1.jpg ; https://img.test/2.jpg ; https://img.test/3.jpg ; https://img.test/4.jpg
other_image_url1 | images new ignore | url | https://img.test/1b.jpg ; https://img.test/2b.jpg ; https://img.test/3b.jpg ; https://img.test/4b.jpg
parent_child | new ignore | string | child ; child ; child ; parent
parent_sku | new ignore | string | P-1 ; P-1 ; P-1 ; P-2
bullet_point1 | new short_description | string | Solid oak ; Stackable ; Seats four ; Dimmable
color_name | color | string | natural ; white ; walnut ; black
size_name | size | string | S ; M ; L ; XL
material_type | material | string | oak ; pine ; walnut ; metal
item_weight | weight | number | 6.5 ; 3.2 ; 24 ; 4.1
item_weight_unit_of_measure | new ignore | string | KG ; KG ; KG ; KG
country_of_origin | new | string | SE ; SE ; PL ; CN
list_price | price new | price number | 89.90 ; 55.00 ; 219.00 ; 99.50
condition_type | new ignore | string | New ; New ; New ; Used
""",
        "sap_material": """
MATNR | sku | string | 000000000010000123 ; 000000000010000124 ; 000000000010000200 ; 000000000010000321
MAKTX | name | string | Stuhl Eiche ; Stuhl Kiefer ; Tisch rund ; Stehlampe
MTART | new ignore | string | HAWA ; HAWA ; FERT ; HAWA
MATKL | category new | string array | 0101 ; 0101 ; 0102 ; 0200
MEINS | new ignore | string | ST ; ST ; ST ; ST
BRGEW | weight new | number | 6.500 ; 3.200 ; 24.000 ; 4.100
NTGEW | weight new | number | 6.000 ; 3.000 ; 23.000 ; 4.000
GEWEI | new ignore | string | KG ; KG ; KG ; KG
EAN11 | gtin | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
LAENG | length | number | 45 ; 42 ; 120 ; 30
BREIT | width | number | 45 ; 40 ; 120 ; 30
HOEHE | height | number | 90 ; 80 ; 75 ; 150
""",
        "swedish_shop": """
Artikelnr | sku | string | SE-1 ; SE-2 ; SE-3 ; SE-4
Benämning | name | string | Ekstol ; Furustol ; Runt bord ; Golvlampa
Beskrivning | description | string | Massiv stol med hög rygg. ; Lätt och stapelbar. ; Bord för fyra. ; Lampa med linneskärm.
Varumärke | brand | string | Norrek ; Norrek ; Rund ; Ljus
Varugrupp | category | string array | Stolar ; Stolar ; Bord ; Lampor
Pris inkl. moms | price | price number | 799,00 ; 449,00 ; 1 990,00 ; 895,00
Rekommenderat pris | new price | price number | 899,00 ; 499,00 ; 2 190,00 ; 995,00
Inköpspris | cost | price number | 380,00 ; 205,00 ; 990,00 ; 410,00
Lagersaldo | quantity | number | 4 ; 0 ; 12 ; 30
EAN | gtin | string | 7312345000016 ; 7312345000023 ; 7312345000030 ; 7312345000047
Färg | color | string | natur ; vit ; valnöt ; svart
Vikt (kg) | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Bredd (mm) | width | number | 450 ; 400 ; 1200 ; 300
Höjd (mm) | height | number | 900 ; 800 ; 750 ; 1500
Djup (mm) | length | number | 450 ; 420 ; 1200 ; 300
Bildlänk | image_url images | url | https://img.test/s1.jpg ; https://img.test/s2.jpg ; https://img.test/s3.jpg ; https://img.test/s4.jpg
Produktlänk | url | url | https://shop.test/1 ; https://shop.test/2 ; https://shop.test/3 ; https://shop.test/4
Momssats | tax_class new | string number | 25% ; 25% ; 25% ; 25%
Aktiv | active | boolean | Ja ; Ja ; Nej ; Ja
""",
        "portuguese_shop": """
Cód. Produto | sku | string | PT1 ; PT2 ; PT3 ; PT4
Produto | name | string | Cadeira de carvalho ; Cadeira de pinho ; Mesa redonda ; Candeeiro
Descrição | description | string | Cadeira maciça. ; Leve e empilhável. ; Mesa para quatro. ; Candeeiro de linho.
Marca | brand | string | Carvalho ; Pinho ; Carvalho ; Luz
Categoria | category | string array | Cadeiras ; Cadeiras ; Mesas ; Iluminação
Preço de venda | price | price number | R$ 79,90 ; R$ 45,00 ; R$ 1.199,00 ; R$ 89,50
Preço promocional | sale_price | price number | R$ 69,90 ; R$ 39,00 ; R$ 1.099,00 ; R$ 79,50
Custo | cost | price number | 40,10 ; 21,00 ; 599,00 ; 45,00
Estoque | quantity | number | 15 ; 3 ; 0 ; 22
Peso líquido | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Largura | width | number | 45 ; 40 ; 120 ; 30
Altura | height | number | 90 ; 80 ; 75 ; 150
Comprimento | length | number | 45 ; 42 ; 120 ; 30
NCM | new | string | 94016100 ; 94016100 ; 94036000 ; 94052000
Cor | color | string | natural ; branco ; nogueira ; preto
Tamanho | size | string | P ; M ; G ; GG
Situação | active new | boolean string | Ativo ; Ativo ; Inativo ; Ativo
Link da imagem | image_url images | url | https://img.test/p1.jpg ; https://img.test/p2.jpg ; https://img.test/p3.jpg ; https://img.test/p4.jpg
""",
        "chinese_export": """
商品编码 | sku | string | CN-1 ; CN-2 ; CN-3 ; CN-4
商品名称 | name | string | 橡木椅 ; 圆桌 ; 落地灯 ; 书架
商品描述 | description | string | 实木椅子，靠背高。 ; 四人桌。 ; 亚麻灯罩。 ; 五层书架。
品牌 | brand | string | 木语 ; 木语 ; 明灯 ; 木语
商品类目 | category | string array | 椅子 ; 桌子 ; 灯具 ; 书架
市场价 | new price | price number | 899 ; 1999 ; 399 ; 699
销售价 | price | price number | 799 ; 1799 ; 359 ; 599
成本价 | cost | price number | 400 ; 900 ; 150 ; 300
库存 | quantity | number | 15 ; 3 ; 0 ; 22
条形码 | gtin | string | 6901234567892 ; 6901234567908 ; 6901234567915 ; 6901234567922
重量(kg) | weight | number | 6.5 ; 24 ; 4.1 ; 17
颜色 | color | string | 原木 ; 胡桃 ; 黑 ; 白
主图 | image_url | url | https://img.test/c1.jpg ; https://img.test/c2.jpg ; https://img.test/c3.jpg ; https://img.test/c4.jpg
是否上架 | active | boolean | 1 ; 1 ; 0 ; 1
""",
        "shop_software": """
oxartnum | sku | string | 1001 ; 1002 ; 1003 ; 1004
oxtitle | name | string | Stuhl ; Tisch ; Lampe ; Regal
oxshortdesc | short_description | string | Eiche ; Rund ; Leinen ; Fünf Böden
oxlongdesc | description | string | Massiver Stuhl mit hoher Lehne. ; Tisch für vier. ; Lampe mit Schirm. ; Regal mit fünf Böden.
oxprice | price | price number | 79.9 ; 199 ; 89.5 ; 120
oxtprice | new ignore price | price number | 89.9 ; 219 ; 99.5 ; 140
oxean | gtin | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
oxmpn | mpn | string | A-1 ; A-2 ; A-3 ; A-4
oxstock | quantity | number | 15 ; 3 ; 0 ; 22
oxactive | active | boolean | 1 ; 1 ; 0 ; 1
oxweight | weight | number | 6.5 ; 24 ; 4.1 ; 17
oxwidth | width | number | 0.45 ; 1.2 ; 0.3 ; 0.8
oxheight | height | number | 0.9 ; 0.75 ; 1.5 ; 2
oxlength | length | number | 0.45 ; 1.2 ; 0.3 ; 0.35
oxpic1 | image_url images new | string url | chair.jpg ; table.jpg ; lamp.jpg ; shelf.jpg
oxvat | tax_class new | number string | 19 ; 19 ; 7 ; 19
""",
        "nested_api": """
id | new ignore | number string | 1 ; 2 ; 3 ; 4
productNumber | sku | string | SW-1 ; SW-2 ; SW-3 ; SW-4
translated.name | name | string | Chair ; Table ; Lamp ; Shelf
translated.description | description | string | Solid chair. ; For four. ; Linen shade. ; Five boards.
manufacturer.name | brand | string | Oakly ; Rondo ; Lumo ; Oakly
price.gross | price | price number | 79.9 ; 199 ; 89.5 ; 120
price.net | new ignore price | price number | 67.14 ; 167.23 ; 75.21 ; 100.84
purchasePrices.net | cost new | price number | 40 ; 99 ; 45 ; 60
availableStock | quantity | number | 15 ; 3 ; 0 ; 22
available | in_stock active | boolean | true ; true ; false ; true
active | active | boolean | true ; true ; false ; true
ean | gtin | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
manufacturerNumber | mpn | string | A-1 ; A-2 ; A-3 ; A-4
cover.media.url | image_url | url | https://img.test/1.jpg ; https://img.test/2.jpg ; https://img.test/3.jpg ; https://img.test/4.jpg
categories | category | array | ["Chairs"] ; ["Tables"] ; ["Lamps"] ; ["Shelves", "Oak"]
tax.taxRate | new tax_class | number | 19 ; 19 ; 19 ; 7
createdAt | new ignore | string | 2024-01-05T10:00:00Z ; 2024-01-06T10:00:00Z ; 2024-01-07T10:00:00Z ; 2024-01-08T10:00:00Z
metaTitle | meta_title | string | Buy a chair ; Buy a table ; Buy a lamp ; Buy a shelf
metaDescription | meta_description | string | Chairs at a fair price. ; Tables at a fair price. ; Lamps. ; Shelves.
keywords | tags new | string array | chair, oak ; table, round ; lamp ; shelf, oak
""",
        "czech": """
Katalogové číslo | sku | string | CZ-100 ; CZ-101 ; CZ-200 ; CZ-330
Název zboží | name | string | Dubová židle ; Borová židle ; Kulatý stůl ; Stojací lampa
Krátký popis | short_description | string | Masivní ; Lehká ; Pro čtyři ; Lněné stínidlo
Detailní popis | description | string | Masivní židle s vysokým opěradlem. ; Lehká a stohovatelná. ; Stůl pro čtyři osoby. ; Lampa se lněným stínidlem.
Výrobce | brand | string | Dubák ; Borovice ; Dubák ; Světlo
Prodejní cena s DPH | price | price number | 1 990,00 ; 1 190,00 ; 4 990,00 ; 2 290,00
Nákupní cena bez DPH | cost | price number | 900,00 ; 500,00 ; 2 500,00 ; 1 000,00
Sazba DPH | tax_class new | number string | 21 ; 21 ; 21 ; 21
Počet ks skladem | quantity | number | 4 ; 0 ; 12 ; 30
Čárový kód | gtin | string | 8594123000017 ; 8594123000024 ; 8594123000031 ; 8594123000048
Hmotnost (kg) | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Barva | color | string | přírodní ; bílá ; ořech ; černá
Záruka | new | string | 24 měsíců ; 24 měsíců ; 36 měsíců ; 24 měsíců
Dostupnost | in_stock new | string boolean | skladem ; vyprodáno ; skladem ; skladem
Obrázek hlavní | image_url | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
""",
        "hungarian": """
Cikkszám | sku | string | HU1 ; HU2 ; HU3 ; HU4
Termék neve | name | string | Tölgyfa szék ; Fenyő szék ; Kerek asztal ; Állólámpa
Termék leírása | description | string | Tömör szék magas háttámlával. ; Könnyű. ; Négyszemélyes. ; Lenvászon ernyő.
Gyártó | brand | string | Tölgy ; Fenyő ; Tölgy ; Fény
Bruttó ár | price | price number | 19 990 ; 11 990 ; 49 990 ; 22 990
Akciós ár | sale_price | price number | 17 990 ; 9 990 ; 44 990 ; 19 990
Raktárkészlet | quantity | number | 4 ; 0 ; 12 ; 30
Súly (g) | weight | number | 6500 ; 3200 ; 24000 ; 4100
Vonalkód | gtin | string | 5991234000013 ; 5991234000020 ; 5991234000037 ; 5991234000044
Szín | color | string | natúr ; fehér ; dió ; fekete
Kategória | category | string array | Székek ; Székek ; Asztalok ; Lámpák
Kép URL | image_url | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
Szállítási idő | new | string | 2 nap ; 3 nap ; 2 nap ; 1 hét
""",
        "danish": """
Varenr. | sku | string | 10001 ; 10002 ; 10003 ; 10004
Varetekst | name description | string | Egestol ; Fyrrestol ; Rundt bord ; Gulvlampe
Lang beskrivelse | description | string | Massiv stol med høj ryg. ; Let og stabelbar. ; Bord til fire. ; Lampe med hørskærm.
Mærke | brand | string | Eg ; Fyr ; Eg ; Lys
Vejl. udsalgspris | price new | price number | 799,00 ; 449,00 ; 1.990,00 ; 895,00
Kostpris | cost | price number | 380,00 ; 205,00 ; 990,00 ; 410,00
Lagerbeholdning | quantity | number | 4 ; 0 ; 12 ; 30
EAN-nummer | gtin | string | 5712345000012 ; 5712345000029 ; 5712345000036 ; 5712345000043
Farve | color | string | natur ; hvid ; valnød ; sort
Vægt | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Bredde | width | number | 45 ; 40 ; 120 ; 30
Højde | height | number | 90 ; 80 ; 75 ; 150
Dybde | length | number | 45 ; 42 ; 120 ; 30
Varegruppe | category | string array | Stole ; Stole ; Borde ; Lamper
Leverandør | new brand ignore | string | Nord A/S ; Nord A/S ; Syd ApS ; Syd ApS
Aktiv | active | boolean | Ja ; Ja ; Nej ; Ja
""",
        "romanian": """
Cod produs | sku | string | RO1 ; RO2 ; RO3 ; RO4
Denumire produs | name | string | Scaun stejar ; Scaun pin ; Masă rotundă ; Lampadar
Descriere completă | description | string | Scaun masiv cu spătar înalt. ; Ușor. ; Masă pentru patru. ; Lampadar cu abajur.
Producător | brand | string | Stejar ; Pin ; Stejar ; Lumina
Preț vânzare cu TVA | price | price number | 399,00 ; 249,00 ; 999,00 ; 459,00
Preț achiziție fără TVA | cost | price number | 180,00 ; 100,00 ; 500,00 ; 200,00
Stoc | quantity | number | 4 ; 0 ; 12 ; 30
Cod de bare | gtin | string | 5941234000018 ; 5941234000025 ; 5941234000032 ; 5941234000049
Greutate (kg) | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Culoare | color | string | natur ; alb ; nuc ; negru
Garanție | new | string | 24 luni ; 24 luni ; 36 luni ; 24 luni
Link imagine | image_url | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
""",
        "finnish": """
Tuotenro | sku | string | FI-1 ; FI-2 ; FI-3 ; FI-4
Tuotenimi | name | string | Tammituoli ; Mäntytuoli ; Pyöreä pöytä ; Lattiavalaisin
Tuotekuvaus | description | string | Tukeva tuoli. ; Kevyt tuoli. ; Pöytä neljälle. ; Pellavavarjostin.
Valmistaja | brand | string | Tammi ; Mänty ; Tammi ; Valo
Myyntihinta sis. alv | price | price number | 199,00 ; 99,00 ; 499,00 ; 149,00
Ostohinta | cost | price number | 90,00 ; 40,00 ; 250,00 ; 70,00
Varastomäärä | quantity | number | 4 ; 0 ; 12 ; 30
EAN-koodi | gtin | string | 6412345000017 ; 6412345000024 ; 6412345000031 ; 6412345000048
Väri | color | string | luonnon ; valkoinen ; pähkinä ; musta
Paino kg | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Tuoteryhmä | category | string array | Tuolit ; Tuolit ; Pöydät ; Valaisimet
""",
        "greek": """
Κωδικός | sku | string | GR1 ; GR2 ; GR3 ; GR4
Περιγραφή | description name | string | Καρέκλα ; Τραπέζι ; Φωτιστικό ; Ράφι
Τιμή πώλησης | price | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
Μάρκα | brand | string | Δρυς ; Δρυς ; Φως ; Ράφι
Κατηγορία | category | string array | Καρέκλες ; Τραπέζια ; Φωτιστικά ; Ράφια
Απόθεμα | quantity | number | 4 ; 0 ; 12 ; 30
Χρώμα | color | string | φυσικό ; καρυδί ; μαύρο ; λευκό
Βάρος (kg) | weight | number | 6,5 ; 24 ; 4,1 ; 17
Εγγύηση | new | string | 2 έτη ; 2 έτη ; 3 έτη ; 2 έτη
""",
        "korean": """
상품코드 | sku | string | KR-1 ; KR-2 ; KR-3 ; KR-4
상품명 | name | string | 오크 의자 ; 원형 테이블 ; 스탠드 ; 책장
상품설명 | description | string | 튼튼한 의자입니다. ; 4인용 테이블. ; 린넨 갓. ; 5단 책장.
브랜드명 | brand | string | 나무 ; 나무 ; 빛 ; 나무
카테고리 | category | string array | 의자 ; 테이블 ; 조명 ; 수납
판매가격 | price | price number | 89000 ; 199000 ; 45000 ; 120000
할인가격 | sale_price | price number | 79000 ; 179000 ; 39000 ; 99000
재고수량 | quantity | number | 4 ; 0 ; 12 ; 30
색상 | color | string | 내추럴 ; 월넛 ; 블랙 ; 화이트
무게(kg) | weight | number | 6.5 ; 24 ; 4.1 ; 17
대표이미지 | image_url images | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
원산지 | new | string | 한국 ; 중국 ; 한국 ; 한국
""",
        "english_distributor": """
Part # | sku mpn | string | AB-100 ; AB-101 ; AB-200 ; AB-330
Item Desc | name description | string | Oak chair ; Pine chair ; Round table ; Floor lamp
Ext. Description | description | string | Solid chair with a high back. ; Light and stackable. ; Table for four people. ; Lamp with a linen shade.
Mfr | brand | string | Oakly ; Piney ; Oakly ; Lumo
Mfr Part # | mpn | string | O-1 ; P-1 ; O-2 ; L-1
UPC | gtin | string | 036000291452 ; 036000291469 ; 036000291476 ; 036000291483
Qty On Hand | quantity | number | 4 ; 0 ; 12 ; 30
Dealer Cost | cost | price number | 40.10 ; 21.00 ; 99.00 ; 45.00
MAP | new price ignore | price number | 75.00 ; 40.00 ; 189.00 ; 85.00
MSRP | price | price number | 79.90 ; 45.00 ; 199.00 ; 89.50
UOM | new ignore | string | EA ; EA ; EA ; CS
Case Pack | new | number | 1 ; 4 ; 1 ; 2
Ship Wt (lb) | weight new | number | 14.3 ; 7.0 ; 52.9 ; 9.0
Discontinued | new ignore | boolean | N ; N ; Y ; N
Lead Time (Days) | new | number | 2 ; 3 ; 14 ; 7
Dept | category new | string array | Seating ; Seating ; Tables ; Lighting
HTS Code | new ignore | string number | 9401.61 ; 9401.69 ; 9403.60 ; 9405.20
Web Image | image_url images | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
""",
        "german_shop": """
Artikel-ID | sku new | string number | 5001 ; 5002 ; 5003 ; 5004
Artikelbezeichnung | name | string | Stuhl Eiche ; Stuhl Kiefer ; Tisch rund ; Stehlampe
Kurzbeschreibung | short_description | string | Massiv ; Leicht ; Für vier ; Leinen
Produktbeschreibung (HTML) | description | string | <p>Massiver Stuhl.</p> ; <p>Leicht.</p> ; <p>Für vier.</p> ; <p>Schirm aus Leinen.</p>
Listenpreis netto | price new | price number | 67,14 ; 37,82 ; 167,23 ; 75,21
UVP (brutto) | price new | price number | 79,90 ; 45,00 ; 199,00 ; 89,50
Händler-EK | cost | price number | 40,10 ; 21,00 ; 99,00 ; 45,00
Verfügbare Stückzahl | quantity | number | 4 ; 0 ; 12 ; 30
Lieferzeit | new | string | 2 Tage ; 3 Tage ; 2 Wochen ; sofort
Farbbezeichnung | color | string | Natur ; Weiß ; Nuss ; Schwarz
Gewicht in kg | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Verpackungseinheit | new | number | 1 ; 4 ; 1 ; 2
Bild-URL 1 | image_url images | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
Bild-URL 2 | images new ignore | url | https://i.test/1b.jpg ; https://i.test/2b.jpg ; https://i.test/3b.jpg ; https://i.test/4b.jpg
Deeplink | url | url | https://s.test/1 ; https://s.test/2 ; https://s.test/3 ; https://s.test/4
Zolltarifnummer | new | string number | 94016100 ; 94016900 ; 94036010 ; 94052040
Herkunftsland | new | string | DE ; PL ; SE ; CN
Suchbegriffe | tags new | string array | stuhl, eiche ; stuhl ; tisch, rund ; lampe
Shop-Status | active new | boolean string | aktiv ; aktiv ; inaktiv ; aktiv
""",
        "ukrainian": """
Артикул | sku | string | UA1 ; UA2 ; UA3 ; UA4
Назва товару | name | string | Дубовий стілець ; Стіл ; Лампа ; Полиця
Опис | description | string | Міцний стілець з дуба. ; Стіл на чотирьох. ; Лампа з абажуром. ; Полиця.
Виробник | brand | string | Дуб ; Дуб ; Світло ; Полиця
Ціна, грн | price | price number | 4500 ; 12000 ; 1250 ; 7800
Кількість | quantity | number | 4 ; 0 ; 12 ; 30
Штрихкод | gtin | string | 4820123000013 ; 4820123000020 ; 4820123000037 ; 4820123000044
Колір | color | string | дуб ; горіх ; білий ; чорний
Категорія | category | string array | Стільці ; Столи ; Світло ; Полиці
Вага | weight | number | 5,2 ; 22 ; 1,1 ; 17
""",
        "french_store": """
Référence interne | sku | string | A1 ; A2 ; A3 ; A4
Désignation commerciale | name | string | Chaise chêne ; Chaise pin ; Table ronde ; Lampadaire
Descriptif détaillé | description | string | Chaise massive à dossier haut. ; Légère et empilable. ; Table pour quatre personnes. ; Lampadaire en lin.
Prix public TTC | price | price number | 79,90 ; 45,00 ; 199,00 ; 89,50
Prix remisé | sale_price | price number | 69,90 ; 39,00 ; 179,00 ; 79,50
Prix d'achat HT | cost | price number | 40,10 ; 21,00 ; 99,00 ; 45,00
Stock dispo | quantity | number | 4 ; 0 ; 12 ; 30
Éco-participation | new | price number | 0,20 ; 0,10 ; 0,50 ; 0,30
Fabricant | brand | string | Chêne ; Pin ; Chêne ; Lumière
Réf. fournisseur | mpn | string | F-1 ; F-2 ; F-3 ; F-4
Poids brut (kg) | weight | number | 6,5 ; 3,2 ; 24 ; 4,1
Largeur cm | width | number | 45 ; 40 ; 120 ; 30
Mots-clés | tags | array string | chaise, chêne ; chaise ; table ; lampe, lin
En ligne | active | boolean | Oui ; Oui ; Non ; Oui
Délai de livraison | new | string | 48h ; 48h ; 1 semaine ; 48h
""",
        "de_b2b": """
Lieferanten-Artikelnr. | mpn sku | string | L-1 ; L-2 ; L-3 ; L-4
Unsere Art.-Nr. | sku | string | 100001 ; 100002 ; 100003 ; 100004
Warenbezeichnung 1 | name | string | Stuhl ; Tisch ; Lampe ; Regal
Warenbezeichnung 2 | new short_description ignore | string | Eiche ; rund ; Leinen ; fünf Böden
Langbeschreibung | description | string | Ein Stuhl aus massiver Eiche. ; Ein runder Tisch. ; Eine Lampe. ; Ein Regal.
Hauptwarengruppe | category new | string array | Möbel ; Möbel ; Licht ; Möbel
Listen-VK | price | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
Ihr EK-Preis | cost | price number | 40,10 ; 99,00 ; 45,00 ; 60,00
Verfügbar | quantity in_stock | number boolean | 4 ; 0 ; 12 ; 30
Mindestbestellmenge | new | number | 1 ; 1 ; 2 ; 1
EAN/GTIN | gtin | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
Nettogewicht (kg) | weight | number | 6,5 ; 22 ; 1,1 ; 17
Länge (mm) | length | number | 450 ; 1200 ; 300 ; 800
Breite (mm) | width | number | 450 ; 1200 ; 300 ; 350
Höhe (mm) | height | number | 900 ; 750 ; 1500 ; 2000
Materialbezeichnung | material | string | Eiche ; Buche ; Leinen ; Kiefer
Bilddatei | image_url images new | string url | stuhl.jpg ; tisch.jpg ; lampe.jpg ; regal.jpg
Auslaufartikel | new ignore | boolean | nein ; nein ; ja ; nein
""",
        "fr_gestion": """
CODE_ART | sku | string | A100 ; A101 ; A102 ; A103
LIBELLE | name | string | Chaise ; Table ; Lampe ; Etagère
LIBELLE_LONG | description name | string | Chaise en chêne massif ; Table ronde ; Lampe en lin ; Etagère cinq niveaux
FOURNISSEUR | new ignore brand | string | Nord ; Nord ; Sud ; Sud
FAMILLE | category new | string array | Sièges ; Tables ; Luminaires ; Rangement
PRIX_VENTE | price | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
PRIX_ACHAT | cost | price number | 40,10 ; 99,00 ; 45,00 ; 60,00
STOCK_REEL | quantity | number | 4 ; 0 ; 12 ; 30
CODE_BARRE | gtin | string | 3760123000010 ; 3760123000027 ; 3760123000034 ; 3760123000041
POIDS_NET | weight | number | 6,5 ; 22 ; 1,1 ; 17
DATE_CREATION | new ignore | string | 2023-01-01 ; 2023-02-01 ; 2023-03-01 ; 2023-04-01
ACTIF_O_N | active | boolean string | O ; O ; N ; O
""",
        "es_tpv": """
CODIGO | sku | string | E1 ; E2 ; E3 ; E4
DESCRIPCION | name description | string | Silla ; Mesa ; Lámpara ; Estantería
DESC_LARGA | description | string | Silla de roble macizo. ; Mesa redonda. ; Lámpara de lino. ; Estantería.
PVP_IVA | price | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
PRECIO_COMPRA | cost | price number | 40,10 ; 99,00 ; 45,00 ; 60,00
STOCK_ACTUAL | quantity | number | 4 ; 0 ; 12 ; 30
COD_BARRAS | gtin | string | 8412345000014 ; 8412345000021 ; 8412345000038 ; 8412345000045
TIPO_IVA | tax_class new | number string | 21 ; 21 ; 21 ; 10
PROVEEDOR | new ignore brand | string | Norte ; Norte ; Sur ; Sur
MARCA | brand | string | Roble ; Roble ; Lumina ; Pino
TALLA | size | string | S ; M ; L ; XL
URL_IMAGEN | image_url | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
""",
        "pl_allegro": """
Sygnatura | new sku ignore | string | P-1 ; P-2 ; P-3 ; P-4
Kod produktu | sku | string | PL-1 ; PL-2 ; PL-3 ; PL-4
Tytuł oferty | name | string | Krzesło dębowe ; Stół okrągły ; Lampa ; Regał
Opis oferty | description | string | Solidne krzesło. ; Stół na cztery osoby. ; Lampa z lnu. ; Regał.
Cena Kup Teraz | price | price number | 299,00 ; 899,00 ; 189,00 ; 499,00
Liczba sztuk | quantity | number | 4 ; 0 ; 12 ; 30
Marka | brand | string | Dąb ; Dąb ; Światło ; Sosna
Stan | new quantity ignore | string | Nowy ; Nowy ; Nowy ; Używany
EAN (GTIN) | gtin | string | 5901234000017 ; 5901234000024 ; 5901234000031 ; 5901234000048
Waga produktu z opakowaniem jednostkowym | weight new | number | 6,5 ; 22 ; 1,1 ; 17
Czas wysyłki | new ignore | string | 24h ; 48h ; 24h ; 24h
Zdjęcia | images image_url | url array | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
""",
        "camel_api": """
itemNumber | sku | string | N-1 ; N-2 ; N-3 ; N-4
displayName | name | string | Chair ; Table ; Lamp ; Shelf
longDescription | description | string | A chair made of oak. ; A round table. ; A lamp. ; A shelf.
brandName | brand | string | Oakly ; Rondo ; Lumo ; Oakly
primaryCategory | category new | string array | Seating ; Tables ; Lighting ; Storage
listPrice | price | price number | 79.9 ; 199 ; 89.5 ; 120
salePrice | sale_price | price number | 69.9 ; 179 ; 79.5 ; 99
unitCost | cost | price number | 40 ; 99 ; 45 ; 60
currencyCode | currency | string | EUR ; EUR ; EUR ; EUR
stockQuantity | quantity | number | 4 ; 0 ; 12 ; 30
isActive | active | boolean | true ; true ; false ; true
barcode | gtin | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
weightKg | weight | number | 6.5 ; 22 ; 1.1 ; 17
dimensions.widthCm | width | number | 45 ; 120 ; 30 ; 80
imageUrls | images | array | ["https://i.test/1.jpg"] ; ["https://i.test/2.jpg"] ; ["https://i.test/3.jpg"] ; ["https://i.test/4.jpg", "https://i.test/5.jpg"]
seo.title | meta_title | string | Buy a chair ; Buy a table ; Buy a lamp ; Buy a shelf
lastModified | new ignore | string | 2024-01-05 ; 2024-01-06 ; 2024-01-07 ; 2024-01-08
warrantyMonths | new | number | 24 ; 24 ; 12 ; 24
""",
        "no_butikk": """
Varenummer | sku | string | NO1 ; NO2 ; NO3 ; NO4
Varenavn | name | string | Eikestol ; Bord ; Lampe ; Hylle
Produktbeskrivelse | description | string | Solid stol i eik. ; Rundt bord. ; Lampe i lin. ; Hylle.
Produsent | brand | string | Eik ; Eik ; Lys ; Furu
Hovedgruppe | category new | string array | Stoler ; Bord ; Lys ; Hyller
Utsalgspris inkl. mva | price | price number | 799,00 ; 1990,00 ; 895,00 ; 1200,00
Innkjøpspris eks. mva | cost | price number | 380,00 ; 990,00 ; 410,00 ; 600,00
Lagerantall | quantity | number | 4 ; 0 ; 12 ; 30
Strekkode | gtin | string | 7044123000013 ; 7044123000020 ; 7044123000037 ; 7044123000044
Farge | color | string | natur ; valnøtt ; sort ; hvit
Vekt (kg) | weight | number | 6,5 ; 22 ; 1,1 ; 17
""",
        "it_gestionale": """
CODART | sku | string | G1 ; G2 ; G3 ; G4
DESCART | name description | string | Sedia ; Tavolo ; Lampada ; Mensola
DES_ESTESA | description | string | Sedia in rovere massello. ; Tavolo tondo. ; Lampada in lino. ; Mensola.
PREZZO_VEND | price | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
PREZZO_ACQ | cost | price number | 40,10 ; 99,00 ; 45,00 ; 60,00
ESISTENZA | quantity | number | 4 ; 0 ; 12 ; 30
CODBARRE | gtin | string | 8001234000012 ; 8001234000029 ; 8001234000036 ; 8001234000043
MARCA | brand | string | Rovere ; Tondo ; Lume ; Rovere
PESO_KG | weight | number | 6,5 ; 22 ; 1,1 ; 17
COD_IVA | tax_class new | number string | 22 ; 22 ; 22 ; 10
""",
        "sk_shop": """
Kód produktu | sku | string | SK1 ; SK2 ; SK3 ; SK4
Názov | name | string | Stolička ; Stôl ; Lampa ; Polica
Krátky popis | short_description | string | Masívna ; Okrúhly ; Ľanová ; Päť políc
Popis produktu | description | string | Masívna stolička z duba. ; Okrúhly stôl. ; Lampa. ; Polica.
Výrobca | brand | string | Dub ; Dub ; Svetlo ; Borovica
Kategória | category | string array | Stoličky ; Stoly ; Lampy ; Police
Cena s DPH | price | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
Akciová cena | sale_price | price number | 69,90 ; 179,00 ; 79,50 ; 99,00
Množstvo na sklade | quantity | number | 4 ; 0 ; 12 ; 30
Čiarový kód | gtin | string | 8581234000010 ; 8581234000027 ; 8581234000034 ; 8581234000041
Hmotnosť | weight | number | 6,5 ; 22 ; 1,1 ; 17
Farba | color | string | prírodná ; orech ; čierna ; biela
Odkaz na obrázok | image_url images | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
Záručná doba | new | string | 24 mesiacov ; 24 mesiacov ; 36 mesiacov ; 24 mesiacov
""",
        "en_fashion": """
Style No. | sku new | string | ST100 ; ST101 ; ST102 ; ST103
Style Name | name | string | Linen shirt ; Wool coat ; Denim jacket ; Silk scarf
Long Copy | description | string | A shirt made of linen. ; A coat made of wool. ; A jacket. ; A scarf.
Colourway | color | string | White ; Camel ; Indigo ; Red
Fabric | material | string | Linen ; Wool ; Cotton ; Silk
Composition | new material | string | 100% linen ; 80% wool, 20% polyamide ; 100% cotton ; 100% silk
RRP GBP | price | price number | 59.00 ; 249.00 ; 119.00 ; 79.00
WSP GBP | cost new price | price number | 24.00 ; 99.00 ; 48.00 ; 31.00
Season | new | string | SS24 ; AW24 ; AW24 ; SS24
Gender | new | string | Men ; Women ; Men ; Women
Size | size | string | S ; M ; L ; ONE
EAN Barcode | gtin | string | 5012345000015 ; 5012345000022 ; 5012345000039 ; 5012345000046
Country of Origin | new | string | PT ; IT ; TR ; CN
Commodity Code | new ignore | string number | 62052000 ; 62021100 ; 62034235 ; 62141000
Wash Care | new | string | 30° ; Dry clean ; 40° ; Hand wash
""",
        "en_electronics": """
Manufacturer Part Number | mpn | string | X-1 ; X-2 ; X-3 ; X-4
SKU Number | sku | string | E-100 ; E-101 ; E-102 ; E-103
Product Line | new ignore category | string | Cables ; Cables ; Audio ; Power
Headline | name short_description | string | USB-C cable ; HDMI cable ; Headphones ; Charger
Marketing Text | description | string | A cable for everything. ; A cable for screens. ; Headphones for all day. ; A charger.
Stock Available | quantity in_stock | number boolean | 4 ; 0 ; 12 ; 30
Trade Price ex VAT | cost price | price number | 4.10 ; 5.20 ; 45.00 ; 12.00
Recommended Retail Price inc VAT | price | price number | 9.99 ; 12.99 ; 99.00 ; 29.00
Gross Weight (g) | weight | number | 65 ; 120 ; 350 ; 210
Length (mm) | length | number | 1000 ; 2000 ; 200 ; 90
Image 1 URL | image_url images | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
Datasheet | new | url | https://i.test/1.pdf ; https://i.test/2.pdf ; https://i.test/3.pdf ; https://i.test/4.pdf
Warranty (years) | new | number | 2 ; 2 ; 1 ; 3
End of Life | new ignore | boolean | No ; No ; Yes ; No
RoHS | new | boolean | Yes ; Yes ; Yes ; No
""",
        "nl_groothandel": """
Art.nr. | sku | string | 7001 ; 7002 ; 7003 ; 7004
Art.omschrijving | name description | string | Stoel ; Tafel ; Lamp ; Plank
Webtekst | description new | string | Een stoel van massief eiken. ; Een ronde tafel. ; Een lamp. ; Een plank.
Leverancier | new ignore brand | string | Noord ; Noord ; Zuid ; Zuid
Bruto prijs | price | price number | 79,95 ; 199,00 ; 89,50 ; 120,00
Netto inkoop | cost | price number | 38,00 ; 99,00 ; 41,00 ; 60,00
Btw % | tax_class new | number string | 21 ; 21 ; 21 ; 9
Besteleenheid | new | string number | 1 ; 1 ; 2 ; 6
Vrije voorraad | quantity | number | 4 ; 0 ; 12 ; 30
EAN | gtin | string | 8712345000013 ; 8712345000020 ; 8712345000037 ; 8712345000044
Foto | image_url images | url | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
""",
        "de_lager": """
Teilenummer | sku mpn | string | T-1 ; T-2 ; T-3 ; T-4
Benennung DE | new | string | Stuhl ; Tisch ; Lampe ; Regal
Benennung EN | name | string | Chair ; Table ; Lamp ; Shelf
Beschreibungstext | description | string | Ein Stuhl aus massiver Eiche. ; Ein Tisch. ; Eine Lampe. ; Ein Regal.
Marke/Hersteller | brand | string | Oakly ; Rondo ; Lumo ; Oakly
Preisgruppe | new | string | A ; B ; A ; C
Preis/Einheit | price new | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
Rabatt % | new | number | 10 ; 0 ; 5 ; 0
Lagerort | new ignore | string | H1-R2 ; H1-R3 ; H2-R1 ; H2-R2
Bestand Stk. | quantity | number | 4 ; 0 ; 12 ; 30
Gewicht [g] | weight | number | 6500 ; 22000 ; 1100 ; 17000
GTIN | gtin | string | 4006381333931 ; 4006381333948 ; 4006381333955 ; 4006381333962
Status | active new | string boolean | aktiv ; aktiv ; inaktiv ; aktiv
Bemerkung | new | string | neu ; - ; Auslauf ; -
""",
        "pt_br_erp": """
CODIGO_PRODUTO | sku | string | 1001 ; 1002 ; 1003 ; 1004
DESCRICAO | name description | string | Cadeira ; Mesa ; Luminária ; Prateleira
DESCRICAO_COMPLETA | description | string | Cadeira de carvalho maciço. ; Mesa redonda. ; Luminária. ; Prateleira.
UNIDADE | new ignore | string | UN ; UN ; UN ; CX
PRECO_VENDA | price | price number | 79,90 ; 199,00 ; 89,50 ; 120,00
PRECO_CUSTO | cost | price number | 40,10 ; 99,00 ; 45,00 ; 60,00
ESTOQUE_ATUAL | quantity | number | 4 ; 0 ; 12 ; 30
COD_BARRAS | gtin | string | 7891234000014 ; 7891234000021 ; 7891234000038 ; 7891234000045
PESO_BRUTO | weight | number | 6,5 ; 22 ; 1,1 ; 17
FABRICANTE | brand | string | Carvalho ; Redonda ; Luz ; Carvalho
ATIVO | active | boolean | S ; S ; N ; S
""",
        "fr_presta": """
Référence | sku | string | P1 ; P2 ; P3 ; P4
Nom | name | string | Chaise ; Table ; Lampe ; Étagère
Résumé | short_description | string | En chêne ; Ronde ; En lin ; Cinq niveaux
Description | description | string | Chaise en chêne massif. ; Table ronde. ; Lampe en lin. ; Étagère.
Prix HT | price | price number | 66,58 ; 165,83 ; 74,58 ; 100,00
Règle de taxe | tax_class new | string | FR 20 ; FR 20 ; FR 20 ; FR 5.5
Marque | brand | string | Chêne ; Rondo ; Lumière ; Chêne
Catégories | category | string array | Accueil,Chaises ; Accueil,Tables ; Accueil,Lampes ; Accueil,Étagères
Quantité | quantity | number | 4 ; 0 ; 12 ; 30
URL des images | images image_url | url array | https://i.test/1.jpg ; https://i.test/2.jpg ; https://i.test/3.jpg ; https://i.test/4.jpg
Balise titre | meta_title | string | Chaise ; Table ; Lampe ; Étagère à acheter
Méta description | meta_description | string | Une chaise. ; Une table. ; Une lampe. ; Une étagère.
Activé | active | boolean | 1 ; 1 ; 0 ; 1
État | new ignore active | string | neuf ; neuf ; neuf ; occasion
""",
        "books": """
ISBN-13 | gtin sku | string | 9783161484100 ; 9780306406157 ; 9781861972712 ; 9780451524935
Title | name | string | Forests ; Rivers ; Lakes ; Hills
Subtitle | new short_description | string | A guide ; A map ; A walk ; A view
Author | new | string | A. Writer ; B. Poet ; C. Author ; D. Scribe
Publisher | brand new | string | Press ; House ; Press ; House
Publication Date | new | string | 2019-01-01 ; 2020-02-01 ; 2021-03-01 ; 2022-04-01
Binding | new | string | Hardcover ; Paperback ; Paperback ; Hardcover
Pages | new | number | 320 ; 210 ; 180 ; 400
Language | new ignore | string | en ; en ; de ; en
List Price | price | price number | $29.99 ; $19.99 ; $14.99 ; $34.99
Blurb | description new short_description | string | All about forests. ; All about rivers. ; About lakes. ; About hills.
In Print | new in_stock active | boolean | Y ; Y ; N ; Y
""",
    }.items()
}
for _file in ("trade_catalogs.txt", "world_catalogs.txt"):
    CATALOGS |= catalogs((Path(__file__).parent / _file).read_text("utf-8"))
