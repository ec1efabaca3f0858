package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"time"
)

// failure is an error that is already a phrase for people.
type failure string

func (f failure) Error() string { return string(f) }

// noAnswer is the phrase for an attempt that used up its time.
func noAnswer(ctx context.Context) string {
	if d, ok := ctx.Value(timeoutKey{}).(time.Duration); ok {
		return "no answer within " + d.String()
	}
	return "no answer in time"
}

// isTimeout reports whether our own patience ended; ETIMEDOUT is that of the operating system.
func isTimeout(err error) bool {
	if errors.Is(err, syscall.ETIMEDOUT) {
		return false
	}
	netErr, ok := errors.AsType[net.Error](err)
	return errors.Is(err, context.DeadlineExceeded) || ok && netErr.Timeout()
}

// explain turns the error of an attempt into a phrase for people. remote is the address that was connected to.
func explain(ctx context.Context, err error, remote string, now time.Time) string {
	if f, ok := errors.AsType[failure](err); ok {
		return string(f)
	}
	if reason, ok := explainCertificate(err, now); ok {
		return reason
	}
	connect := "connect " + remote + ": "
	alert, isAlert := errors.AsType[tls.AlertError](err)
	_, isRecord := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case isTimeout(err):
		return noAnswer(ctx)
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, syscall.ECONNREFUSED):
		return connect + "refused"
	case errors.Is(err, syscall.ETIMEDOUT):
		return connect + "timed out"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return connect + "no route"
	case isAlert:
		return remote + " refuses the TLS handshake: " + strings.TrimPrefix(alert.Error(), "tls: ")
	case isRecord, errors.Is(err, http.ErrSchemeMismatch):
		return remote + " does not speak TLS"
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return remote + " closed the connection without an answer"
	case strings.Contains(err.Error(), "server closed idle connection"):
		return remote + " closed the connection without an answer"
	case strings.Contains(err.Error(), "malformed HTTP"), strings.Contains(err.Error(), "readLoopPeekFailLocked"):
		// The second is net/http's word for a server that speaks first, as those of SMTP and FTP do.
		return remote + " does not speak HTTP"
	}
	if op, ok := errors.AsType[*net.OpError](err); !ok || op.Op != "dial" {
		connect = remote + ": " // which was connected to
	}
	// The text of a url.Error begins with the URL, which may hold a secret.
	for e := err; ; {
		inner := errors.Unwrap(e)
		if inner == nil {
			return connect + e.Error()
		}
		e = inner
	}
}

// explainBody does the same for a body that cannot be read to its end.
func explainBody(ctx context.Context, err error, remote string, now time.Time) string {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, syscall.ECONNRESET) {
		return remote + " closed the connection before the end of its answer"
	}
	return explain(ctx, err, remote, now)
}

// explainCertificate does the same for a certificate that does not verify.
func explainCertificate(err error, now time.Time) (string, bool) {
	const day = time.DateOnly
	if e, ok := errors.AsType[x509.HostnameError](err); ok {
		return fmt.Sprintf("certificate is for %s, not %s", certificateNames(e.Certificate), e.Host), true
	}
	if e, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		issuer := ""
		if e.Cert != nil {
			issuer = ": " + e.Cert.Issuer.String()
		}
		return "certificate is not signed by a trusted authority" + issuer, true
	}
	if e, ok := errors.AsType[x509.CertificateInvalidError](err); ok {
		subject := "certificate"
		if e.Cert != nil && e.Cert.IsCA {
			subject = "certificate of the issuer " + e.Cert.Subject.String()
		}
		switch {
		case e.Reason != x509.Expired || e.Cert == nil:
			return subject + " does not verify: " + strings.TrimPrefix(e.Error(), "x509: "), true
		case now.Before(e.Cert.NotBefore):
			return subject + " is not valid before " + e.Cert.NotBefore.UTC().Format(day), true
		default:
			return subject + " expired on " + e.Cert.NotAfter.UTC().Format(day), true
		}
	}
	if e, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "certificate does not verify: " + strings.TrimPrefix(e.Err.Error(), "x509: "), true
	}
	return "", false
}

// certificateNames lists what the certificate is for; a long list is cut, some have a hundred names.
func certificateNames(c *x509.Certificate) string {
	names := slices.Clone(c.DNSNames)
	for _, ip := range c.IPAddresses {
		names = append(names, ip.String())
	}
	const most = 3
	switch {
	case len(names) == 0:
		return "no host name"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	default:
		return strings.Join(names, ", ")
	}
}
