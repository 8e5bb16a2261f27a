"""The lexicon's words in languages further away: Ukrainian, Bulgarian, Slovenian, the Baltic
ones, Indonesian, Vietnamese, Arabic, Hebrew, Hindi, Thai. Same notation.
"""

from __future__ import annotations

MORE: dict[str, str] = {
    "sku": """
        код товару|артикул товару|каталожен номер|код на продукта|номер товара
        šifra|šifra artikla|šifra izdelka|prekės kodas|kodas|artikuls|preces kods|tootekood|kood
        kode produk|kode barang|mã sản phẩm|mã hàng|رمز المنتج|رقم المنتج|كود المنتج
        מק"ט|מקט|קוד מוצר|รหัสสินค้า
        """,
    "name": """
        назва|назва товару|найменування|име|име на продукта|naziv artikla|naziv izdelka|ime izdelka
        pavadinimas|prekės pavadinimas|nosaukums|preces nosaukums|nimetus|toote nimi
        nama|nama produk|nama barang|tên|tên sản phẩm|اسم المنتج|الاسم|שם|שם מוצר|שם המוצר
        उत्पाद का नाम|नाम|ชื่อสินค้า|termék neve|termék megnevezése|tuotteen nimi|varetekst~
        tên hàng|tên hàng hóa|ürün ismi|nom commercial|nombre comercial|nome comercial|handelsname
        торговое название
        design~|libellé article|art bezeichnung|artikelbez|nazwa handlowa|navn på vare
        """,
    "description": """
        trade item description
        опис|опис товару|описание на продукта|opis artikla|opis izdelka|aprašymas|apraksts|kirjeldus
        deskripsi|deskripsi produk|mô tả|mô tả sản phẩm|الوصف|وصف المنتج|תיאור|תיאור מוצר
        विवरण|รายละเอียด|คำอธิบาย|termék leírása|tuotteen kuvaus
        """,
    "short_description": """
        riepilogo|sintesi|sommario|abstract|usp~|claim~|slogan~|povzetek|sažetak|аннотация|анонс
        короткий опис|кратко описание|kratek opis|trumpas aprašymas|īss apraksts|lühikirjeldus
        deskripsi singkat|mô tả ngắn|وصف مختصر|תיאור קצר
        """,
    "brand": """
        виробник|торгова марка|производител|blagovna znamka|proizvajalec|prekės ženklas|gamintojas
        zīmols|ražotājs|kaubamärk|tootja|merek|thương hiệu|nhãn hiệu|العلامة التجارية|الماركة
        מותג|יצרן|ब्रांड|แบรนด์|ยี่ห้อ
        """,
    "category": """
        категорія|категорії|група товарів|kategorija|skupina|kategorijos|kategoorija
        danh mục|الفئة|التصنيف|קטגוריה|श्रेणी|หมวดหมู่|категория на продукта
        categ|product type~|rubrique|rubro|sous rubrique~|obor|dział|раздел|тематика~
        cat|cats|kat~|šifra grupe~|grupa artikala|robna grupa|skupina izdelkov|árucsoport
        tootegrupp|preču grupa|prekių grupė
        """,
    "price": """
        ціна|роздрібна ціна|ціна продажу|продажна цена|cena z ddv|prodajna cena|kaina
        pardavimo kaina|hind|müügihind|harga|harga jual|giá|giá bán|السعر|سعر البيع|מחיר|मूल्य|ราคา
        avp|vkp|bvk|rsp|pvp|pvp iva|prix vente|vk netto~|tarifa|tarif ttc|mpc~|pvd~|hivatalos ár~
        kisker ár
        pvttc|pv ttc|pvht~|pv ht~
        jaehind|mazumcena
        """,
    "sale_price": """
        акційна ціна|ціна зі знижкою|промоционална цена|akcijska cena|akcijos kaina|soodushind
        harga diskon|harga promo|giá khuyến mãi|سعر التخفيض|מחיר מבצע|ราคาลด
        """,
    "cost": """
        закупівельна ціна|собівартість|доставна цена|nabavna cena|pirkimo kaina|savikaina|ostuhind
        iepirkuma cena|harga beli|giá nhập|giá vốn|سعر التكلفة|التكلفة|מחיר עלות|ต้นทุน
        aep|ekp|nek|einstand|valor compra|ultimo custo|cmp~|pa ht|p achat~|последняя закупка
        innpris|netto innpris|costo medio|költség|prix revient|wac~|nettó beszerzési ár
        paht|paht net|pa net|pa net ht
        """,
    "currency": "валюта|valiuta|valūta|mata uang|tiền tệ|العملة|מטבע|สกุลเงิน",
    "quantity": """
        кількість|залишок|наличност|količina na zalogi|zaloga|kiekis|likutis|daudzums|atlikums
        kogus|laoseis|stok barang|jumlah|jumlah stok|số lượng|tồn kho|الكمية|المخزون|כמות|מלאי
        मात्रा|จำนวน|สต็อก
        """,
    "in_stock": "в наявності|наявність~|в наличност|na zalogi|yra sandėlyje|ir noliktavā|laos",
    "active": """
        активний|опублікований|активно|aktyvus|aktīvs|aktiivne|aktif~|نشط|פעיל
        aktyvi|aktīva|activa|ativa|activo web|visible en tienda|widoczność~|na prodej~
        avaldatud|publicēts|paskelbta
        """,
    "weight": """
        вага|вага нетто|тегло|teža|masa|svoris|svars|kaal|berat|trọng lượng|khối lượng|الوزن|משקל
        वजन|น้ำหนัก
        masse~|massa|gewichtsangabe|waga brutto kg|poids unitaire|peso unitario|單重
        """,
    "width": "ширина|širina|plotis|platums|laius|lebar|chiều rộng|العرض|רוחב|ความกว้าง",
    "height": "висота|височина|višina|aukštis|augstums|kõrgus|tinggi|chiều cao|الارتفاع|גובה"
    "|ความสูง",
    "length": """
        довжина|глибина|дължина|дълбочина|dolžina|globina|ilgis|gylis|garums|dziļums|pikkus|sügavus
        panjang|chiều dài|الطول|אורך|ความยาว
        """,
    "color": "värvus|krāsa|колір|цвят|barva|spalva|krāsa|värv|warna|màu|màu sắc|اللون|צבע|रंग|สี",
    "size": """
        розмір|размер|velikost|dydis|izmērs|suurus|ukuran|kích thước~|المقاس|الحجم~|מידה|ขนาด
        str|stl~|rozm|rozměr oblečení|číslo velikosti|shoe size~|schuhgröße~
        """,
    "material": "матеріал|материал|medžiaga|materiāls|bahan|chất liệu|المادة|חומר|วัสดุ",
    "gtin": """
        штрих код товару|баркод|črtna koda|brūkšninis kodas|barkodas|svītrkods|ribakood|kode batang
        mã vạch|الباركود|ברקוד|บาร์โค้ด
        """,
    "mpn": """
        артикул виробника|код виробника|каталожен номер на производителя|koda proizvajalca
        han|hst nr|herst nr|hersteller nr|lief artnr|lieferanten artnr
        lev nr|lev art nr|lief nr~|fourn réf|réf fourn
        """,
    "image_url": "зображення|фото товару|снимка|slika izdelka|nuotrauka|paveikslėlis|attēls|pilt|"
    "gambar|foto produk|hình ảnh|ảnh|الصورة|صورة|תמונה|รูปภาพ",
    "url": """
        посилання|връзка|povezava|nuoroda|saite|tautan|liên kết|الرابط|קישור|ลิงก์
        canonical url|canonical link|canonical|permalink url|kanonische url
        """,
    "tags": "мітки|теги товару|етикети|oznake izdelka|žymos|birkas|sildid|thẻ|الوسوم|תגיות|แท็ก|"
    "suchbegriffe|suchworte",
    "images": """
        bilder urls|zusatzbild|additional image urls|foto extra|dodatkowe zdjęcia|附图|副图
        """,
}
