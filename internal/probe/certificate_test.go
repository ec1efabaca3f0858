package probe

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"
)

// noon is the clock of the certificate tests.
var noon = time.Date(2026, 11, 5, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// authority signs certificates for tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func newAuthority(t *testing.T) authority {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Root"},
		NotBefore: noon.AddDate(-10, 0, 0), NotAfter: noon.AddDate(10, 0, 0),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return authority{cert, key, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))}
}

// issue makes a server's configuration with a certificate for those names.
func (a authority) issue(t *testing.T, from, to time.Time, names ...string) *tls.Config {
	t.Helper()
	key := newKey(t)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: names, NotBefore: from, NotAfter: to,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

// certificateTest is one server certificate and what a probe for www.example.com must say of it at noon.
type certificateTest struct {
	name   string
	server *tls.Config
	roots  string
	want   string // empty: success
	end    time.Time
}

func certificateTests(t *testing.T) []certificateTest {
	t.Helper()
	a, other := newAuthority(t), newAuthority(t)
	day := func(n int) time.Time { return noon.AddDate(0, 0, n) }
	return []certificateTest{
		{"valid", a.issue(t, day(-1), day(90), "www.example.com"), a.pem, "", day(90)},
		{"wildcard", a.issue(t, day(-1), day(90), "*.example.com"), a.pem, "", day(90)},
		{"expired", a.issue(t, day(-90), day(-35), "www.example.com"), a.pem, "certificate expired on 2026-10-01", day(-35)},
		{"expired a second ago", a.issue(t, day(-90), noon.Add(-time.Second), "www.example.com"), a.pem,
			"certificate expired on 2026-11-05", noon.Add(-time.Second)},
		{"not yet valid", a.issue(t, day(26), day(90), "www.example.com"), a.pem, "certificate is not valid before 2026-12-01", day(90)},
		{"other name", a.issue(t, day(-1), day(90), "other.example"), a.pem,
			"certificate is for other.example, not www.example.com", day(90)},
		{"many names", a.issue(t, day(-1), day(90), "a.example", "b.example", "c.example", "d.example", "e.example"), a.pem,
			"certificate is for a.example, b.example, c.example and 2 more, not www.example.com", day(90)},
		{"no name", a.issue(t, day(-1), day(90)), a.pem, "certificate is for no host name, not www.example.com", day(90)},
		{"unknown authority", a.issue(t, day(-1), day(90), "www.example.com"), other.pem,
			"certificate is not signed by a trusted authority: CN=Test Root", day(90)},
	}
}
