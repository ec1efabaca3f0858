// Package provider is what Terraform and OpenTofu see: one file for each resource, data source and function. It
// converts between the CLI's values and the words of the packages below, and decides nothing about DNS or HTTP.
package provider
