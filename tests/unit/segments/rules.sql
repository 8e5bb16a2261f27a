-- property=sku, operator=eq, value=Lumo
--   p0 = 'lumo'
--   tenant = 7
(ifNull(sku_key = {p0:String}, false))

-- property=sku, operator=neq, value=Lumo
--   p0 = 'lumo'
--   tenant = 7
(NOT ifNull(sku_key = {p0:String}, false))

-- property=sku, operator=contains, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(position(lower(sku), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(sku, {p1:Array(String)}) AND position(caseFoldUTF8(sku), {p0:String}) > 0)), false))

-- property=sku, operator=does_not_contain, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(NOT ifNull(greatest(position(lower(sku), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(sku, {p1:Array(String)}) AND position(caseFoldUTF8(sku), {p0:String}) > 0)), false))

-- property=sku, operator=starts_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(startsWith(lower(sku), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(sku, {p1:Array(String)}) AND startsWith(caseFoldUTF8(sku), {p0:String}))), false))

-- property=sku, operator=ends_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(endsWith(lower(sku), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(sku, {p1:Array(String)}) AND endsWith(caseFoldUTF8(sku), {p0:String}))), false))

-- property=sku, operator=matches_any_word, value=['Lumo', 'Hale']
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:lumo|hale)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = 'lumo'
--   p2 = 'hale'
--   tenant = 7
(ifNull(greatest(greatest(hasToken(lower(sku), {p1:String}), hasToken(lower(sku), {p2:String})), (beyond_ascii > 0 AND NOT isASCII(sku) AND match(caseFoldUTF8(sku), {p0:String}))), false))

-- property=sku, operator=in, value=['Lumo', 'Hale']
--   p0 = ['lumo', 'hale']
--   tenant = 7
(ifNull(sku_key IN ({p0:Array(String)}), false))

-- property=sku, operator=not_in, value=['Lumo', 'Hale']
--   p0 = ['lumo', 'hale']
--   tenant = 7
(NOT ifNull(sku_key IN ({p0:Array(String)}), false))

-- property=name, operator=eq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(ifNull(name = {p0:String}, false))

-- property=name, operator=neq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(NOT ifNull(name = {p0:String}, false))

-- property=name, operator=contains, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(position(lower(name), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(name, {p1:Array(String)}) AND position(caseFoldUTF8(name), {p0:String}) > 0)), false))

-- property=name, operator=does_not_contain, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(NOT ifNull(greatest(position(lower(name), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(name, {p1:Array(String)}) AND position(caseFoldUTF8(name), {p0:String}) > 0)), false))

-- property=name, operator=starts_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(startsWith(lower(name), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(name, {p1:Array(String)}) AND startsWith(caseFoldUTF8(name), {p0:String}))), false))

-- property=name, operator=ends_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(endsWith(lower(name), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(name, {p1:Array(String)}) AND endsWith(caseFoldUTF8(name), {p0:String}))), false))

-- property=name, operator=matches_any_word, value=['Lumo', 'Hale']
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:lumo|hale)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = 'lumo'
--   p2 = 'hale'
--   tenant = 7
(ifNull(greatest(greatest(hasToken(lower(name), {p1:String}), hasToken(lower(name), {p2:String})), (beyond_ascii > 0 AND NOT isASCII(name) AND match(caseFoldUTF8(name), {p0:String}))), false))

-- property=name, operator=in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(ifNull(name IN ({p0:Array(String)}), false))

-- property=name, operator=not_in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(NOT ifNull(name IN ({p0:Array(String)}), false))

-- property=name, operator=is_set
--   tenant = 7
(ifNull(name.size > 0, false))

-- property=name, operator=is_not_set
--   tenant = 7
(NOT ifNull(name.size > 0, false))

-- property=active, operator=is_true
--   tenant = 7
(ifNull(active = true, false))

-- property=active, operator=is_false
--   tenant = 7
(ifNull(active = false, false))

-- property=source, operator=eq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(ifNull(source = {p0:String}, false))

-- property=source, operator=neq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(NOT ifNull(source = {p0:String}, false))

-- property=source, operator=contains, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(position(lower(source), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(source, {p1:Array(String)}) AND position(caseFoldUTF8(source), {p0:String}) > 0)), false))

-- property=source, operator=does_not_contain, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(NOT ifNull(greatest(position(lower(source), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(source, {p1:Array(String)}) AND position(caseFoldUTF8(source), {p0:String}) > 0)), false))

-- property=source, operator=starts_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(startsWith(lower(source), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(source, {p1:Array(String)}) AND startsWith(caseFoldUTF8(source), {p0:String}))), false))

-- property=source, operator=ends_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(greatest(endsWith(lower(source), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(source, {p1:Array(String)}) AND endsWith(caseFoldUTF8(source), {p0:String}))), false))

-- property=source, operator=matches_any_word, value=['Lumo', 'Hale']
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:lumo|hale)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = 'lumo'
--   p2 = 'hale'
--   tenant = 7
(ifNull(greatest(greatest(hasToken(lower(source), {p1:String}), hasToken(lower(source), {p2:String})), (beyond_ascii > 0 AND NOT isASCII(source) AND match(caseFoldUTF8(source), {p0:String}))), false))

-- property=source, operator=in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(ifNull(source IN ({p0:Array(String)}), false))

-- property=source, operator=not_in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(NOT ifNull(source IN ({p0:Array(String)}), false))

-- property=ai_readability_score, operator=eq, value=3
--   p0 = 3
--   tenant = 7
(ifNull(ai_readability_score = {p0:Float64}, false))

-- property=ai_readability_score, operator=neq, value=3
--   p0 = 3
--   tenant = 7
(NOT ifNull(ai_readability_score = {p0:Float64}, false))

-- property=ai_readability_score, operator=gt, value=3
--   p0 = 3
--   tenant = 7
(ifNull(ai_readability_score > {p0:Float64}, false))

-- property=ai_readability_score, operator=gte, value=3
--   p0 = 3
--   tenant = 7
(ifNull(ai_readability_score >= {p0:Float64}, false))

-- property=ai_readability_score, operator=lt, value=3
--   p0 = 3
--   tenant = 7
(ifNull(ai_readability_score < {p0:Float64}, false))

-- property=ai_readability_score, operator=lte, value=3
--   p0 = 3
--   tenant = 7
(ifNull(ai_readability_score <= {p0:Float64}, false))

-- property=ai_readability_score, operator=between, value2=4, value=3
--   p0 = 3
--   p1 = 4
--   tenant = 7
(ifNull(ai_readability_score BETWEEN {p0:Float64} AND {p1:Float64}, false))

-- property=ai_readability_score, operator=not_between, value2=4, value=3
--   p0 = 3
--   p1 = 4
--   tenant = 7
(NOT ifNull(ai_readability_score BETWEEN {p0:Float64} AND {p1:Float64}, false))

-- property=ai_readability_score, operator=in, value=[3, 4]
--   p0 = [3, 4]
--   tenant = 7
(ifNull(ai_readability_score IN ({p0:Array(Float64)}), false))

-- property=ai_readability_score, operator=not_in, value=[3, 4]
--   p0 = [3, 4]
--   tenant = 7
(NOT ifNull(ai_readability_score IN ({p0:Array(Float64)}), false))

-- property=ai_readability_score, operator=is_set
--   tenant = 7
(ifNull(ai_readability_score IS NOT NULL, false))

-- property=ai_readability_score, operator=is_not_set
--   tenant = 7
(NOT ifNull(ai_readability_score IS NOT NULL, false))

-- property=created_at, operator=gte, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   tenant = 7
(ifNull(created_at >= {p0:DateTime64(6, 'UTC')}, false))

-- property=created_at, operator=lt, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   tenant = 7
(ifNull(created_at < {p0:DateTime64(6, 'UTC')}, false))

-- property=created_at, operator=between, value2=2026-04-01, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   p1 = '2026-04-02 00:00:00.000000'
--   tenant = 7
(ifNull((created_at >= {p0:DateTime64(6, 'UTC')} AND created_at < {p1:DateTime64(6, 'UTC')}), false))

-- property=created_at, operator=not_between, value2=2026-04-01, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   p1 = '2026-04-02 00:00:00.000000'
--   tenant = 7
(NOT ifNull((created_at >= {p0:DateTime64(6, 'UTC')} AND created_at < {p1:DateTime64(6, 'UTC')}), false))

-- property=created_at, operator=in_last, unit=months, value=2
--   p0 = '2026-01-31 12:00:00.000000'
--   tenant = 7
(ifNull(created_at >= {p0:DateTime64(6, 'UTC')}, false))

-- property=created_at, operator=not_in_last, unit=months, value=2
--   p0 = '2026-01-31 12:00:00.000000'
--   tenant = 7
(NOT ifNull(created_at >= {p0:DateTime64(6, 'UTC')}, false))

-- property=updated_at, operator=gte, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   tenant = 7
(ifNull(updated_at >= {p0:DateTime64(6, 'UTC')}, false))

-- property=updated_at, operator=lt, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   tenant = 7
(ifNull(updated_at < {p0:DateTime64(6, 'UTC')}, false))

-- property=updated_at, operator=between, value2=2026-04-01, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   p1 = '2026-04-02 00:00:00.000000'
--   tenant = 7
(ifNull((updated_at >= {p0:DateTime64(6, 'UTC')} AND updated_at < {p1:DateTime64(6, 'UTC')}), false))

-- property=updated_at, operator=not_between, value2=2026-04-01, value=2026-03-31
--   p0 = '2026-03-31 00:00:00.000000'
--   p1 = '2026-04-02 00:00:00.000000'
--   tenant = 7
(NOT ifNull((updated_at >= {p0:DateTime64(6, 'UTC')} AND updated_at < {p1:DateTime64(6, 'UTC')}), false))

-- property=updated_at, operator=in_last, unit=months, value=2
--   p0 = '2026-01-31 12:00:00.000000'
--   tenant = 7
(ifNull(updated_at >= {p0:DateTime64(6, 'UTC')}, false))

-- property=updated_at, operator=not_in_last, unit=months, value=2
--   p0 = '2026-01-31 12:00:00.000000'
--   tenant = 7
(NOT ifNull(updated_at >= {p0:DateTime64(6, 'UTC')}, false))

-- property=brand, operator=eq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(ifNull(text_0 = {p0:String}, false))

-- property=brand, operator=neq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(NOT ifNull(text_0 = {p0:String}, false))

-- property=brand, operator=contains, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_0), greatest(position(lower(assumeNotNull(text_0)), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_0), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(text_0)), {p0:String}) > 0))), false))

-- property=brand, operator=does_not_contain, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(NOT ifNull(least(isNotNull(text_0), greatest(position(lower(assumeNotNull(text_0)), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_0), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(text_0)), {p0:String}) > 0))), false))

-- property=brand, operator=starts_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_0), greatest(startsWith(lower(assumeNotNull(text_0)), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_0), {p1:Array(String)}) AND startsWith(caseFoldUTF8(assumeNotNull(text_0)), {p0:String})))), false))

-- property=brand, operator=ends_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_0), greatest(endsWith(lower(assumeNotNull(text_0)), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_0), {p1:Array(String)}) AND endsWith(caseFoldUTF8(assumeNotNull(text_0)), {p0:String})))), false))

-- property=brand, operator=matches_any_word, value=['Lumo', 'Hale']
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:lumo|hale)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = 'lumo'
--   p2 = 'hale'
--   tenant = 7
(ifNull(least(isNotNull(text_0), greatest(greatest(hasToken(lower(assumeNotNull(text_0)), {p1:String}), hasToken(lower(assumeNotNull(text_0)), {p2:String})), (beyond_ascii > 0 AND NOT isASCII(assumeNotNull(text_0)) AND match(caseFoldUTF8(assumeNotNull(text_0)), {p0:String})))), false))

-- property=brand, operator=in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(ifNull(text_0 IN ({p0:Array(String)}), false))

-- property=brand, operator=not_in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(NOT ifNull(text_0 IN ({p0:Array(String)}), false))

-- property=brand, operator=is_set
--   tenant = 7
(ifNull(ifNull(text_0.size, 0) > 0, false))

-- property=brand, operator=is_not_set
--   tenant = 7
(NOT ifNull(ifNull(text_0.size, 0) > 0, false))

-- property=description, operator=eq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(ifNull(text_1 = {p0:String}, false))

-- property=description, operator=neq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(NOT ifNull(text_1 = {p0:String}, false))

-- property=description, operator=contains, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_1), greatest(position(lower(assumeNotNull(text_1)), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_1), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(text_1)), {p0:String}) > 0))), false))

-- property=description, operator=does_not_contain, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(NOT ifNull(least(isNotNull(text_1), greatest(position(lower(assumeNotNull(text_1)), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_1), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(text_1)), {p0:String}) > 0))), false))

-- property=description, operator=starts_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_1), greatest(startsWith(lower(assumeNotNull(text_1)), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_1), {p1:Array(String)}) AND startsWith(caseFoldUTF8(assumeNotNull(text_1)), {p0:String})))), false))

-- property=description, operator=ends_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_1), greatest(endsWith(lower(assumeNotNull(text_1)), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_1), {p1:Array(String)}) AND endsWith(caseFoldUTF8(assumeNotNull(text_1)), {p0:String})))), false))

-- property=description, operator=matches_any_word, value=['Lumo', 'Hale']
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:lumo|hale)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = 'lumo'
--   p2 = 'hale'
--   tenant = 7
(ifNull(least(isNotNull(text_1), greatest(greatest(hasToken(lower(assumeNotNull(text_1)), {p1:String}), hasToken(lower(assumeNotNull(text_1)), {p2:String})), (beyond_ascii > 0 AND NOT isASCII(assumeNotNull(text_1)) AND match(caseFoldUTF8(assumeNotNull(text_1)), {p0:String})))), false))

-- property=description, operator=in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(ifNull(text_1 IN ({p0:Array(String)}), false))

-- property=description, operator=not_in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(NOT ifNull(text_1 IN ({p0:Array(String)}), false))

-- property=description, operator=is_set
--   tenant = 7
(ifNull(ifNull(text_1.size, 0) > 0, false))

-- property=description, operator=is_not_set
--   tenant = 7
(NOT ifNull(ifNull(text_1.size, 0) > 0, false))

-- property=page, operator=eq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(ifNull(text_2 = {p0:String}, false))

-- property=page, operator=neq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(NOT ifNull(text_2 = {p0:String}, false))

-- property=page, operator=contains, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_2), greatest(position(lower(assumeNotNull(text_2)), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_2), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(text_2)), {p0:String}) > 0))), false))

-- property=page, operator=does_not_contain, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(NOT ifNull(least(isNotNull(text_2), greatest(position(lower(assumeNotNull(text_2)), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_2), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(text_2)), {p0:String}) > 0))), false))

-- property=page, operator=starts_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_2), greatest(startsWith(lower(assumeNotNull(text_2)), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_2), {p1:Array(String)}) AND startsWith(caseFoldUTF8(assumeNotNull(text_2)), {p0:String})))), false))

-- property=page, operator=ends_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(text_2), greatest(endsWith(lower(assumeNotNull(text_2)), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(text_2), {p1:Array(String)}) AND endsWith(caseFoldUTF8(assumeNotNull(text_2)), {p0:String})))), false))

-- property=page, operator=matches_any_word, value=['Lumo', 'Hale']
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:lumo|hale)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = 'lumo'
--   p2 = 'hale'
--   tenant = 7
(ifNull(least(isNotNull(text_2), greatest(greatest(hasToken(lower(assumeNotNull(text_2)), {p1:String}), hasToken(lower(assumeNotNull(text_2)), {p2:String})), (beyond_ascii > 0 AND NOT isASCII(assumeNotNull(text_2)) AND match(caseFoldUTF8(assumeNotNull(text_2)), {p0:String})))), false))

-- property=page, operator=in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(ifNull(text_2 IN ({p0:Array(String)}), false))

-- property=page, operator=not_in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(NOT ifNull(text_2 IN ({p0:Array(String)}), false))

-- property=page, operator=is_set
--   tenant = 7
(ifNull(ifNull(text_2.size, 0) > 0, false))

-- property=page, operator=is_not_set
--   tenant = 7
(NOT ifNull(ifNull(text_2.size, 0) > 0, false))

-- property=stock, operator=eq, value=3
--   p0 = 3
--   tenant = 7
(ifNull(number_0 = {p0:Float64}, false))

-- property=stock, operator=neq, value=3
--   p0 = 3
--   tenant = 7
(NOT ifNull(number_0 = {p0:Float64}, false))

-- property=stock, operator=gt, value=3
--   p0 = 3
--   tenant = 7
(ifNull(number_0 > {p0:Float64}, false))

-- property=stock, operator=gte, value=3
--   p0 = 3
--   tenant = 7
(ifNull(number_0 >= {p0:Float64}, false))

-- property=stock, operator=lt, value=3
--   p0 = 3
--   tenant = 7
(ifNull(number_0 < {p0:Float64}, false))

-- property=stock, operator=lte, value=3
--   p0 = 3
--   tenant = 7
(ifNull(number_0 <= {p0:Float64}, false))

-- property=stock, operator=between, value2=4, value=3
--   p0 = 3
--   p1 = 4
--   tenant = 7
(ifNull(number_0 BETWEEN {p0:Float64} AND {p1:Float64}, false))

-- property=stock, operator=not_between, value2=4, value=3
--   p0 = 3
--   p1 = 4
--   tenant = 7
(NOT ifNull(number_0 BETWEEN {p0:Float64} AND {p1:Float64}, false))

-- property=stock, operator=in, value=[3, 4]
--   p0 = [3, 4]
--   tenant = 7
(ifNull(number_0 IN ({p0:Array(Float64)}), false))

-- property=stock, operator=not_in, value=[3, 4]
--   p0 = [3, 4]
--   tenant = 7
(NOT ifNull(number_0 IN ({p0:Array(Float64)}), false))

-- property=stock, operator=is_set
--   tenant = 7
(ifNull(isNotNull(number_0), false))

-- property=stock, operator=is_not_set
--   tenant = 7
(NOT ifNull(isNotNull(number_0), false))

-- property=organic, operator=is_true
--   tenant = 7
(ifNull(flag_0 = true, false))

-- property=organic, operator=is_false
--   tenant = 7
(ifNull(flag_0 = false, false))

-- property=organic, operator=is_set
--   tenant = 7
(ifNull(isNotNull(flag_0), false))

-- property=organic, operator=is_not_set
--   tenant = 7
(NOT ifNull(isNotNull(flag_0), false))

-- property=tags, operator=contains, value=new
--   p0 = 'new'
--   tenant = 7
(ifNull(has(list_0, {p0:String}), false))

-- property=tags, operator=does_not_contain, value=new
--   p0 = 'new'
--   tenant = 7
(NOT ifNull(has(list_0, {p0:String}), false))

-- property=tags, operator=contains_any, value=['new', 'Hale']
--   p0 = 'new'
--   p1 = 'Hale'
--   tenant = 7
(ifNull(greatest(has(list_0, {p0:String}), has(list_0, {p1:String})), false))

-- property=tags, operator=contains_all, value=['new', 'Hale']
--   p0 = 'new'
--   p1 = 'Hale'
--   tenant = 7
(ifNull(least(has(list_0, {p0:String}), has(list_0, {p1:String})), false))

-- property=tags, operator=contains_none, value=['new', 'Hale']
--   p0 = 'new'
--   p1 = 'Hale'
--   tenant = 7
(NOT ifNull(greatest(has(list_0, {p0:String}), has(list_0, {p1:String})), false))

-- property=tags, operator=is_set
--   tenant = 7
(ifNull(list_0.size0 > 0, false))

-- property=tags, operator=is_not_set
--   tenant = 7
(NOT ifNull(list_0.size0 > 0, false))

-- property=price, operator=eq, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull((price_0_amount = {p0:Float64} AND price_0_currency = {p1:String}), false))

-- property=price, operator=neq, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(NOT ifNull((price_0_amount = {p0:Float64} AND price_0_currency = {p1:String}), false))

-- property=price, operator=gt, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull((price_0_amount > {p0:Float64} AND price_0_currency = {p1:String}), false))

-- property=price, operator=gte, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull((price_0_amount >= {p0:Float64} AND price_0_currency = {p1:String}), false))

-- property=price, operator=lt, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull((price_0_amount < {p0:Float64} AND price_0_currency = {p1:String}), false))

-- property=price, operator=lte, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull((price_0_amount <= {p0:Float64} AND price_0_currency = {p1:String}), false))

-- property=price, operator=between, value2=20.5, value=19.5
--   p0 = 19.5
--   p1 = 20.5
--   p2 = 'EUR'
--   tenant = 7
(ifNull((price_0_amount BETWEEN {p0:Float64} AND {p1:Float64} AND price_0_currency = {p2:String}), false))

-- property=price, operator=not_between, value2=20.5, value=19.5
--   p0 = 19.5
--   p1 = 20.5
--   p2 = 'EUR'
--   tenant = 7
(NOT ifNull((price_0_amount BETWEEN {p0:Float64} AND {p1:Float64} AND price_0_currency = {p2:String}), false))

-- property=price, operator=in, value=[19.5, 20.5]
--   p0 = [19.5, 20.5]
--   p1 = 'EUR'
--   tenant = 7
(ifNull((price_0_amount IN ({p0:Array(Float64)}) AND price_0_currency = {p1:String}), false))

-- property=price, operator=not_in, value=[19.5, 20.5]
--   p0 = [19.5, 20.5]
--   p1 = 'EUR'
--   tenant = 7
(NOT ifNull((price_0_amount IN ({p0:Array(Float64)}) AND price_0_currency = {p1:String}), false))

-- property=price, operator=is_set
--   tenant = 7
(ifNull(isNotNull(price_0_amount), false))

-- property=price, operator=is_not_set
--   tenant = 7
(NOT ifNull(isNotNull(price_0_amount), false))

-- property=prices, operator=eq, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull(arrayExists((a, c) -> a = {p0:Float64} AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=neq, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(NOT ifNull(arrayExists((a, c) -> a = {p0:Float64} AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=gt, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull(arrayExists((a, c) -> a > {p0:Float64} AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=gte, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull(arrayExists((a, c) -> a >= {p0:Float64} AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=lt, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull(arrayExists((a, c) -> a < {p0:Float64} AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=lte, value=19.5
--   p0 = 19.5
--   p1 = 'EUR'
--   tenant = 7
(ifNull(arrayExists((a, c) -> a <= {p0:Float64} AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=between, value2=20.5, value=19.5
--   p0 = 19.5
--   p1 = 20.5
--   p2 = 'EUR'
--   tenant = 7
(ifNull(arrayExists((a, c) -> a BETWEEN {p0:Float64} AND {p1:Float64} AND c = {p2:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=not_between, value2=20.5, value=19.5
--   p0 = 19.5
--   p1 = 20.5
--   p2 = 'EUR'
--   tenant = 7
(NOT ifNull(arrayExists((a, c) -> a BETWEEN {p0:Float64} AND {p1:Float64} AND c = {p2:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=in, value=[19.5, 20.5]
--   p0 = [19.5, 20.5]
--   p1 = 'EUR'
--   tenant = 7
(ifNull(arrayExists((a, c) -> a IN ({p0:Array(Float64)}) AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=not_in, value=[19.5, 20.5]
--   p0 = [19.5, 20.5]
--   p1 = 'EUR'
--   tenant = 7
(NOT ifNull(arrayExists((a, c) -> a IN ({p0:Array(Float64)}) AND c = {p1:String}, prices_0_amount, prices_0_currency), false))

-- property=prices, operator=is_set
--   tenant = 7
(ifNull(prices_0_amount.size0 > 0, false))

-- property=prices, operator=is_not_set
--   tenant = 7
(NOT ifNull(prices_0_amount.size0 > 0, false))

-- property=data.source, operator=eq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(ifNull(CAST(NULL, 'Nullable(String)') = {p0:String}, false))

-- property=data.source, operator=neq, value=Lumo
--   p0 = 'Lumo'
--   tenant = 7
(NOT ifNull(CAST(NULL, 'Nullable(String)') = {p0:String}, false))

-- property=data.source, operator=contains, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(CAST(NULL, 'Nullable(String)')), greatest(position(lower(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(CAST(NULL, 'Nullable(String)')), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String}) > 0))), false))

-- property=data.source, operator=does_not_contain, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(NOT ifNull(least(isNotNull(CAST(NULL, 'Nullable(String)')), greatest(position(lower(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String}) > 0, (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(CAST(NULL, 'Nullable(String)')), {p1:Array(String)}) AND position(caseFoldUTF8(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String}) > 0))), false))

-- property=data.source, operator=starts_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(CAST(NULL, 'Nullable(String)')), greatest(startsWith(lower(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(CAST(NULL, 'Nullable(String)')), {p1:Array(String)}) AND startsWith(caseFoldUTF8(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String})))), false))

-- property=data.source, operator=ends_with, value=Lumo
--   p0 = 'lumo'
--   p1 = ['ﬂ', 'ﬄ']
--   tenant = 7
(ifNull(least(isNotNull(CAST(NULL, 'Nullable(String)')), greatest(endsWith(lower(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String}), (beyond_ascii = 2 AND multiSearchAny(assumeNotNull(CAST(NULL, 'Nullable(String)')), {p1:Array(String)}) AND endsWith(caseFoldUTF8(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String})))), false))

-- property=data.source, operator=matches_any_word, value=['Lumo', 'Hale']
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:lumo|hale)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = 'lumo'
--   p2 = 'hale'
--   tenant = 7
(ifNull(least(isNotNull(CAST(NULL, 'Nullable(String)')), greatest(greatest(hasToken(lower(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p1:String}), hasToken(lower(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p2:String})), (beyond_ascii > 0 AND NOT isASCII(assumeNotNull(CAST(NULL, 'Nullable(String)'))) AND match(caseFoldUTF8(assumeNotNull(CAST(NULL, 'Nullable(String)'))), {p0:String})))), false))

-- property=data.source, operator=in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(ifNull(CAST(NULL, 'Nullable(String)') IN ({p0:Array(String)}), false))

-- property=data.source, operator=not_in, value=['Lumo', 'Hale']
--   p0 = ['Lumo', 'Hale']
--   tenant = 7
(NOT ifNull(CAST(NULL, 'Nullable(String)') IN ({p0:Array(String)}), false))

-- property=data.source, operator=is_set
--   tenant = 7
(ifNull(notEmpty(ifNull(CAST(NULL, 'Nullable(String)'), '')), false))

-- property=data.source, operator=is_not_set
--   tenant = 7
(NOT ifNull(notEmpty(ifNull(CAST(NULL, 'Nullable(String)'), '')), false))

-- property=brand, operator=contains, value=größe
--   p0 = 'grösse'
--   tenant = 7
(ifNull(least(isNotNull(text_0), (beyond_ascii > 0 AND NOT isASCII(assumeNotNull(text_0)) AND position(caseFoldUTF8(assumeNotNull(text_0)), {p0:String}) > 0)), false))

-- property=brand, operator=contains, value=123
--   p0 = '123'
--   tenant = 7
(ifNull(least(isNotNull(text_0), position(lower(assumeNotNull(text_0)), {p0:String}) > 0), false))

-- property=brand, operator=matches_any_word, value=größe
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:grösse)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   tenant = 7
(ifNull(least(isNotNull(text_0), (beyond_ascii > 0 AND NOT isASCII(assumeNotNull(text_0)) AND match(caseFoldUTF8(assumeNotNull(text_0)), {p0:String}))), false))

-- property=brand, operator=matches_any_word, value=oak ash elm fir yew
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:oak|ash|elm|fir|yew)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = ['oak', 'ash', 'elm', 'fir', 'yew']
--   tenant = 7
(ifNull(least(isNotNull(text_0), greatest(hasAnyTokens(lower(assumeNotNull(text_0)), {p1:Array(String)}), (beyond_ascii > 0 AND NOT isASCII(assumeNotNull(text_0)) AND match(caseFoldUTF8(assumeNotNull(text_0)), {p0:String})))), false))

-- property=brand, operator=matches_any_word, value=oak-wood
--   p0 = '(?:^|[^\\p{L}\\p{M}\\p{N}])(?:oak\\-wood)(?:$|[^\\p{L}\\p{M}\\p{N}])'
--   p1 = '(?:^|[^a-z0-9])(?:oak\\-wood)(?:$|[^a-z0-9])'
--   tenant = 7
(ifNull(least(isNotNull(text_0), if(isASCII(assumeNotNull(text_0)), match(lower(assumeNotNull(text_0)), {p1:String}), match(caseFoldUTF8(assumeNotNull(text_0)), {p0:String}))), false))

-- property=tags, operator=contains_any, value=['oak', 'ash', 'elm', 'fir']
--   p0 = ['oak', 'ash', 'elm', 'fir']
--   tenant = 7
(ifNull(arrayExists(x -> x IN ({p0:Array(String)}), list_0), false))

-- property=tags, operator=contains_all, value=['oak', 'ash', 'elm']
--   p0 = 'oak'
--   p1 = 'ash'
--   p2 = 'elm'
--   tenant = 7
(ifNull(least(least(has(list_0, {p0:String}), has(list_0, {p1:String})), has(list_0, {p2:String})), false))

-- property=price, operator=is_set, currency=USD
--   p0 = 'USD'
--   tenant = 7
(ifNull((isNotNull(price_0_amount) AND price_0_currency = {p0:String}), false))

-- property=prices, operator=is_set, currency=USD
--   p0 = 'USD'
--   tenant = 7
(ifNull(arrayExists((a, c) -> true AND c = {p0:String}, prices_0_amount, prices_0_currency), false))

-- property=created_at, operator=gte, value=2026-03-31T10:00:00+02:00
--   p0 = '2026-03-31 08:00:00.000000'
--   tenant = 7
(ifNull(created_at >= {p0:DateTime64(6, 'UTC')}, false))

-- signal=purchased_by_segment, segment_id=vip
--   p0 = 'vip'
--   p1 = 'product_id'
--   p2 = 'order_completed'
--   tenant = 7
((sku_key IN (SELECT caseFoldUTF8(replaceRegexpAll(arrayJoin(if(JSONType(properties, {p1:String}) = 'Array', JSONExtract(properties, {p1:String}, 'Array(String)'), [JSONExtractString(properties, {p1:String})])), '^[\\s\\p{Z}\\x0b\\x1c-\\x1f\\x{85}]+|[\\s\\p{Z}\\x0b\\x1c-\\x1f\\x{85}]+$', '')) FROM events FINAL WHERE tenant_id = {tenant:UInt64} AND event_type = {p2:String} AND user_id IN (SELECT user_id FROM segment_memberships FINAL WHERE tenant_id = {tenant:UInt64} AND segment_id = {p0:String}))))

-- signal=viewed_by_segment, segment_id=vip, within={'amount': 30, 'unit': 'days'}
--   p0 = '2026-03-01 12:00:00.000000'
--   p1 = 'vip'
--   p2 = 'product_id'
--   p3 = 'product_viewed'
--   tenant = 7
((sku_key IN (SELECT caseFoldUTF8(replaceRegexpAll(arrayJoin(if(JSONType(properties, {p2:String}) = 'Array', JSONExtract(properties, {p2:String}, 'Array(String)'), [JSONExtractString(properties, {p2:String})])), '^[\\s\\p{Z}\\x0b\\x1c-\\x1f\\x{85}]+|[\\s\\p{Z}\\x0b\\x1c-\\x1f\\x{85}]+$', '')) FROM events FINAL WHERE tenant_id = {tenant:UInt64} AND event_type = {p3:String} AND timestamp >= {p0:DateTime64(6, 'UTC')} AND user_id IN (SELECT user_id FROM segment_memberships FINAL WHERE tenant_id = {tenant:UInt64} AND segment_id = {p1:String}))))

-- 
--   tenant = 7
((1=0))

-- type=in_segment, segment_id=1, operator=in
--   p0 = 1
--   p1 = 12
--   tenant = 7
((product_id IN (SELECT arrayJoin(bitmapToArray(members)) FROM product_membership_sets WHERE tenant_id = {tenant:UInt64} AND segment_id = {p0:UInt64} AND generation = {p1:UInt64})))

-- type=in_segment, segment_id=2, operator=not_in
--   tenant = 7
(NOT (0))
