package curve_test

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"testing"

	"golang.org/x/crypto/nacl/box"

	"gospark/kernel/kerneltest"
	"gospark/kernel/zmq/curve"
)

// The test keys of libzmq's manual (zmq_curve(7)).
const (
	public = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID"
	secret = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs"
)

func keys(t testing.TB) *curve.Keys {
	t.Helper()
	k, err := curve.ParseKeys(public, secret)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestParseKeys(t *testing.T) {
	k := keys(t)
	if got := fmt.Sprintf("%X", k.Public); got != "BB88471D65E2659B30C55A5321CEBB5AAB2B70A398645C26DCA2B2FCB43FC518" {
		t.Error(got)
	}
	for name, pair := range map[string][2]string{
		"empty":       {"", ""},
		"short":       {public[1:], secret},
		"no Z85":      {"'" + public[1:], secret},
		"over a word": {"#####" + public[5:], secret},
		"swapped":     {secret, public},
		"bad secret":  {public, secret[1:]},
	} {
		if _, err := curve.ParseKeys(pair[0], pair[1]); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// client knows the kernel's keys and uses the same, as jupyter_client does.
func client(k *curve.Keys) *kerneltest.CurveClient {
	return &kerneltest.CurveClient{Server: k.Public, Public: k.Public, Secret: k.Secret}
}

// stranger has keys of its own.
func stranger(k *curve.Keys) *kerneltest.CurveClient {
	public, secret, _ := box.GenerateKey(rand.Reader)
	return &kerneltest.CurveClient{Server: k.Public, Public: *public, Secret: *secret}
}

// connect shakes hands. The tests hand in what they want to change on the way.
func connect(s *curve.Server, c *kerneltest.CurveClient, change func(step string, b []byte) []byte) error {
	welcome, err := s.Hello(change("HELLO", c.Hello()))
	if err != nil {
		return err
	}
	initiate, err := c.Initiate(welcome, []byte("metadata"))
	if err != nil {
		return err
	}
	metadata, err := s.Initiate(change("INITIATE", initiate))
	if err == nil && string(metadata) != "metadata" {
		return errors.New("other metadata: " + string(metadata))
	}
	if err != nil {
		return err
	}
	got, err := c.Ready(s.Ready([]byte("ours")))
	if err == nil && string(got) != "ours" {
		return errors.New("other metadata of ours: " + string(got))
	}
	return err
}

func same(_ string, b []byte) []byte { return b }

func TestConversation(t *testing.T) {
	k := keys(t)
	s, c := curve.NewServer(k, false), client(k)
	if err := connect(s, c, same); err != nil {
		t.Fatal(err)
	}
	for i, n := range []int{0, 1, 255, 1 << 20} {
		payload := bytes.Repeat([]byte{byte(i)}, n)
		flags, got, err := s.Open(c.Seal(byte(i), payload))
		if err != nil || flags != byte(i) || !bytes.Equal(got, payload) {
			t.Fatalf("%d bytes: %d, %d bytes, %v", n, flags, len(got), err)
		}
		sealed := s.Seal([]byte("before"), curve.More, payload)
		if len(sealed) != len("before")+n+curve.Overhead {
			t.Errorf("%d bytes became %d", n, len(sealed))
		}
		back, err := c.Open(sealed[len("before"):])
		if err != nil || back[0] != curve.More || !bytes.Equal(back[1:], payload) {
			t.Fatalf("%d bytes back: %v", n, err)
		}
	}
}

func TestRefusedHandshakes(t *testing.T) {
	k := keys(t)
	flip := func(step string, at int) func(string, []byte) []byte {
		return func(now string, b []byte) []byte {
			if now == step {
				b[at]++
			}
			return b
		}
	}
	cut := func(step string, n int) func(string, []byte) []byte {
		return func(now string, b []byte) []byte {
			if now == step {
				return b[:n]
			}
			return b
		}
	}
	weak := func(_ string, b []byte) []byte { // C' with which everybody shares the same key
		clear(b[80:112])
		return b
	}
	wrongServer := client(k)
	wrongServer.Server[0]++
	for _, tt := range []struct {
		name   string
		client *kerneltest.CurveClient
		change func(string, []byte) []byte
		err    error
	}{
		{"another client's key", stranger(k), same, curve.ErrClientKey},
		{"another server's key", wrongServer, same, curve.ErrServerKey},
		{"version", client(k), flip("HELLO", 6), curve.ErrVersion},
		{"minor version", client(k), flip("HELLO", 7), curve.ErrVersion},
		{"name of HELLO", client(k), flip("HELLO", 2), curve.ErrCommand},
		{"C'", client(k), flip("HELLO", 85), curve.ErrServerKey},
		{"weak C'", client(k), weak, curve.ErrBox},
		{"box of HELLO", client(k), flip("HELLO", 199), curve.ErrServerKey},
		{"short HELLO", client(k), cut("HELLO", 199), curve.ErrCommand},
		{"cookie", client(k), flip("INITIATE", 40), curve.ErrBox},
		{"nonce of the cookie", client(k), flip("INITIATE", 10), curve.ErrBox},
		{"nonce of INITIATE", client(k), flip("INITIATE", 112), curve.ErrBox},
		{"box of INITIATE", client(k), flip("INITIATE", 200), curve.ErrBox},
		{"short INITIATE", client(k), cut("INITIATE", 256), curve.ErrCommand},
		{"name of INITIATE", client(k), flip("INITIATE", 1), curve.ErrCommand},
	} {
		if err := connect(curve.NewServer(k, false), tt.client, tt.change); !errors.Is(err, tt.err) {
			t.Errorf("%s: %v instead of %v", tt.name, err, tt.err)
		}
	}
	if err := connect(curve.NewServer(k, true), stranger(k), same); err != nil {
		t.Errorf("anyone who knows the public key: %v", err)
	}
}

// A vouch is for one short-term key and one server.
func TestForeignVouch(t *testing.T) {
	k := keys(t)
	other := keys(t)
	other.Public[1]++ // what an impostor would have made its victim sign
	if err := connect(curve.NewServer(other, true), client(k), same); !errors.Is(err, curve.ErrBox) {
		t.Errorf("a vouch for another server: %v", err)
	}
}

func TestOrder(t *testing.T) {
	k := keys(t)
	s, c := curve.NewServer(k, false), client(k)
	if _, err := s.Initiate(make([]byte, 300)); !errors.Is(err, curve.ErrCommand) {
		t.Errorf("INITIATE first: %v", err)
	}
	if _, err := s.Hello(c.Hello()); err == nil {
		t.Error("a failed server goes on")
	}
	s = curve.NewServer(k, false)
	if _, _, err := s.Open(make([]byte, 100)); !errors.Is(err, curve.ErrCommand) {
		t.Errorf("MESSAGE first: %v", err)
	}
}

func TestMessagesInOrder(t *testing.T) {
	k := keys(t)
	for name, send := range map[string]func(c *kerneltest.CurveClient) [][]byte{
		"replayed": func(c *kerneltest.CurveClient) [][]byte {
			m := c.Seal(0, []byte("x"))
			return [][]byte{m, m}
		},
		"swapped": func(c *kerneltest.CurveClient) [][]byte {
			a, b := c.Seal(0, []byte("a")), c.Seal(0, []byte("b"))
			return [][]byte{b, a}
		},
	} {
		s, c := curve.NewServer(k, false), client(k)
		if err := connect(s, c, same); err != nil {
			t.Fatal(err)
		}
		messages := send(c)
		if _, _, err := s.Open(messages[0]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := s.Open(messages[1]); !errors.Is(err, curve.ErrNonce) {
			t.Errorf("%s: %v", name, err)
		}
		if _, _, err := s.Open(c.Seal(0, nil)); err == nil {
			t.Errorf("%s: goes on after an error", name)
		}
	}
	s, c := curve.NewServer(k, false), client(k)
	if err := connect(s, c, same); err != nil {
		t.Fatal(err)
	}
	m := c.Seal(0, []byte("hello"))
	if _, _, err := s.Open(m[:len(m)-1]); !errors.Is(err, curve.ErrBox) {
		t.Errorf("cut: %v", err)
	}
}

// No bytes of a peer may do more than end its connection. The first byte says
// how far the handshake was honest.
func FuzzServer(f *testing.F) {
	k := keys(f)
	hello := client(k).Hello()
	f.Add(byte(0), hello)
	f.Add(byte(1), append([]byte("\x08INITIATE"), make([]byte, 300)...))
	f.Add(byte(2), append([]byte("\x07MESSAGE"), make([]byte, 40)...))
	f.Fuzz(func(t *testing.T, honest byte, b []byte) {
		s, c := curve.NewServer(k, false), client(k)
		switch honest % 3 {
		case 0:
			if out, err := s.Hello(b); err == nil && len(out) != 168 {
				t.Errorf("WELCOME of %d bytes", len(out))
			}
		case 1:
			if _, err := s.Hello(c.Hello()); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Initiate(b); err == nil {
				t.Error("forged INITIATE")
			}
		case 2:
			if err := connect(s, c, same); err != nil {
				t.Fatal(err)
			}
			if _, _, err := s.Open(b); err == nil {
				t.Error("forged MESSAGE")
			}
		}
	})
}
