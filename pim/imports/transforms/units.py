"""Units of measure in the spellings catalogs use, and exact conversion between those of a kind."""

from __future__ import annotations

from decimal import Context, Decimal

# Compared without case, so what differs by nothing else (mW and MW) isn't here.
_UNITS = """
mass
    mg 0.000001 milligram milligrams milligramm
    g 0.001 gram grams gramm gr grs grm gramme grammes gramo gramos grammi
    dag 0.01 deka dkg
    kg 1 kilo kilos kilogram kilograms kilogramm kgs kilogramme kilogrammes kilogramo kilogrammo
    t 1000 ton tons tonne tonnes tonnen
    oz 0.028349523125 ounce ounces unze unzen
    lb 0.45359237 lbs pound pounds
length
    µm 0.000001 μm um micron microns
    mm 0.001 millimetre millimetres millimeter millimeters millimètres milímetros
    cm 0.01 centimetre centimetres centimeter centimeters zentimeter
    dm 0.1 decimetre decimeter dezimeter
    m 1 metre metres meter meters mètre mètres metro metros mtr
    km 1000 kilometre kilometres kilometer kilometers
    in 0.0254 inch inches zoll " ″ ”
    ft 0.3048 foot feet ′
    yd 0.9144 yard yards
volume
    ml 0.001 millilitre millilitres milliliter milliliters
    cl 0.01 centilitre centiliter
    dl 0.1 decilitre deciliter
    l 1 litre litres liter liters ltr litro litros litri
    hl 100 hectolitre hektoliter
    m³ 1000 m3 cbm
    cm³ 0.001 cm3 ccm cc
    fl_oz 0.0295735295625 floz
    gal 3.785411784 gallon gallons
area
    mm² 0.000001 mm2
    cm² 0.0001 cm2
    m² 1 m2 qm sqm
    ft² 0.09290304 ft2 sqft
power
    W 1 watt watts
    kW 1000 kilowatt kilowatts
voltage
    V 1 volt volts
    kV 1000 kilovolt
time
    ms 0.001 millisecond milliseconds
    s 1 sec second seconds sek sekunde sekunden
    min 60 minute minutes minuten
    h 3600 hr hrs hour hours std stunde stunden
    d 86400 day days tag tage
data
    kB 0.001 kilobyte kilobytes
    MB 1 megabyte megabytes
    GB 1000 gigabyte gigabytes
    TB 1000000 terabyte terabytes
"""

_WORKING = Context(prec=60)
_ROUNDED = Context(prec=15)


def _read() -> tuple[dict[str, tuple[str, Decimal]], dict[str, str]]:
    units: dict[str, tuple[str, Decimal]] = {}
    spellings: dict[str, str] = {}
    kind = ""
    for line in _UNITS.split("\n"):
        words = line.split()
        if len(words) == 1:
            kind = words[0]
        elif words:
            name = words[0].replace("_", " ")
            units[name] = (kind, Decimal(words[1]))
            spellings.update(dict.fromkeys(map(str.casefold, [name, *words[2:]]), name))
    return units, spellings


UNITS, _SPELLINGS = _read()


def unit_named(text: str) -> str | None:
    """The unit of a spelling (`Kilogramm`, `KG.`): its name in UNITS; None: not one we know."""
    return _SPELLINGS.get(text.strip().rstrip(".").casefold())


def convert(value: Decimal, unit: str, wanted: str) -> Decimal | None:
    """A number of one unit in another of its kind; None if they are of different kinds.

    Exact where that ends; a value like 1/3 is rounded to 15 digits.
    """
    (kind, factor), (other_kind, other) = UNITS[unit], UNITS[wanted]
    if kind != other_kind:
        return None
    if unit == wanted:
        return value
    found = _WORKING.divide(_WORKING.multiply(value, factor), other)
    if len(found.as_tuple().digits) > 38:
        found = _ROUNDED.plus(found)
    return found.normalize(_WORKING)
