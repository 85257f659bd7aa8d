package connect

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"gospark/sparkclient"
	"gospark/sparkclient/connect/pb"
)

// authority makes certificates for a test.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
	pool        *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{pool: x509.NewCertPool()}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test authority"}, IsCA: true, BasicConstraintsValid: true,
		NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	made := a.issue(t, template)
	var err error
	if a.certificate, err = x509.ParseCertificate(made.Certificate[0]); err != nil {
		t.Fatal(err)
	}
	a.key = made.PrivateKey.(*ecdsa.PrivateKey)
	a.pool.AddCert(a.certificate)
	return a
}

// issue signs a certificate; the authority's own is signed by itself.
func (a *authority) issue(t *testing.T, template *x509.Certificate) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	parent, signer := a.certificate, a.key
	if parent == nil {
		parent, signer = template, key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func (a *authority) leaf(t *testing.T) tls.Certificate {
	return a.issue(t, &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "leaf"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	})
}

// An own authority and a client certificate are taken; without them the server
// cannot be reached, and the token does not leave this process.
func TestTLS(t *testing.T) {
	ours := newAuthority(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	script := &scripted{unary: func(any) (any, error) { return &pb.ConfigResponse{}, nil }}
	mutual := credentials.NewTLS(&tls.Config{
		Certificates: []tls.Certificate{ours.leaf(t)}, ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: ours.pool, NextProtos: []string{"h2"},
	})
	good := &tls.Config{RootCAs: ours.pool, Certificates: []tls.Certificate{ours.leaf(t)}}
	s := serveWith(t, script, listener, []grpc.ServerOption{grpc.Creds(mutual)}, func(o *Options) { o.TLS, o.TLSConfig = true, good })
	if _, err := s.Config(t.Context(), getAll()); err != nil {
		t.Error(err)
	}
	if got := script.header["authorization"]; len(got) != 1 || got[0] != "Bearer s3cret" {
		t.Errorf("authorization %v", got)
	}
	script.header = nil
	for name, change := range map[string]func(*Options){
		"an unknown authority":  func(o *Options) { o.TLSConfig = &tls.Config{RootCAs: newAuthority(t).pool} },
		"no client certificate": func(o *Options) { o.TLSConfig = &tls.Config{RootCAs: ours.pool} },
		"no TLS":                func(o *Options) { o.TLS = false },
	} {
		o := s.Options()
		o.Patience = 50 * time.Millisecond
		change(&o)
		other, err := Open(o)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := other.Config(t.Context(), getAll()); !errors.Is(err, sparkclient.ErrUnavailable) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
		_ = other.Close()
	}
	if script.header != nil {
		t.Errorf("the server was told %v", script.header)
	}
}
