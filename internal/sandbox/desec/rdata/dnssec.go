package rdata

var (
	// digestFields are DS, CDS and DLV (RFC 4034 section 5.1).
	digestFields = []field{uint16Field, algorithmField, uint8Field, hexField}
	// certificateField is the type of a CERT record (RFC 4398 section 2.1).
	certificateField = field{read: readCertificateType, show: uint16Field.show}
)

// digestLengths are those that the library knows, in bytes by digest type.
var digestLengths = map[byte]int{1: 20, 2: 32, 3: 32, 4: 48}

// checkDigest judges the digest of a DS, CDS or DLV record. Type 0 asks for the deletion of a DS and is for CDS alone
// (RFC 8078 section 4).
func checkDigest(deletes bool) func(wire []byte) error {
	return func(wire []byte) error {
		digestType, digest := wire[3], wire[4:]
		want, known := digestLengths[digestType]
		if digestType == 0 && deletes {
			want, known = 1, true
		}
		switch {
		case known && len(digest) != want:
			return &valueError{"digest length inconsistent with digest type"}
		case !known && digestType == 0:
			return &valueError{"digest type 0 is reserved"}
		}
		return nil
	}
}

var certificateTypes = map[string]int64{
	"PKIX": 1, "SPKI": 2, "PGP": 3, "IPKIX": 4, "ISPKI": 5, "IPGP": 6, "ACPKIX": 7, "IACPKIX": 8, "URI": 253, "OID": 254,
}

// servesCertificate: the signing name server refuses the type 0, which is reserved (RFC 4398 section
// 2.1, design/facts/desec-api.md section 10).
func servesCertificate(wire []byte) bool { return wire[0] != 0 || wire[1] != 0 }

func readCertificateType(s *scanner, wire []byte) []byte {
	text := s.str()
	n, ok := certificateTypes[text]
	if !ok {
		var err error
		n, err = parseInt(text)
		s.fail(err)
	}
	if n < 0 || n > 0xffff {
		s.judge(&valueError{"not a uint16"})
	}
	return appendNumber(wire, 16, uint64(n))
}
