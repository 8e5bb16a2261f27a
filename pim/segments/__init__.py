"""Segments: groups of products told by a rule, computed in ClickHouse, kept up to date.

`dsl/` is the language of the rules, pure. `compiling` puts it together with what the tenant has;
`preview` asks ClickHouse what a rule would give. `service` is what people do with segments and
`queries` what they see. `compute` makes a segment's set of members anew, `lease` and `schedule`
say who does so and when. `ingest` takes in what users did and which groups they belong to.
"""
