locals {
  # Most often file("${path.module}/zone.yaml").
  zone = provider::multidns::parse_zone_yaml(<<-YAML
    domain: example.com
    records:
      - name: "www"
        type: "CNAME"
        ttl: 3600
        values: ["web-router.example.com."]
      - name: "origin"
        type: "A"
        ttl: 3600
        values: ["203.0.113.10"]
  YAML
  )
}

resource "multidns_record" "all" {
  for_each = local.zone

  zone   = each.value.zone
  name   = each.value.name
  type   = each.value.type
  ttl    = each.value.ttl
  values = each.value.values
}
