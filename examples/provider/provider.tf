terraform {
  required_providers {
    multidns = {
      source = "multidns/multidns"
    }
  }
}

# Tokens for both operators come from the environment: CLOUDFLARE_API_TOKEN and DESEC_API_TOKEN.
provider "multidns" {
  cloudflare = {
    # Optional. Spares one request in each run, and the token the right to list zones.
    zone_ids = { "example.com" = "023e105f4ecef8ad9ca31a8372d0c353" }
  }
}
