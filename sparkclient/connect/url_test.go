package connect

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	const id = "00112233-4455-6677-8899-aabbccddeeff"
	none := map[string]string{}
	for remote, want := range map[string]Options{
		"sc://localhost":                       {Address: "localhost:15002", Headers: none},
		"sc://localhost/":                      {Address: "localhost:15002", Headers: none},
		"sc://localhost:1/;":                   {Address: "localhost:1", Headers: none},
		"sc://[::1]:7":                         {Address: "[::1]:7", Headers: none},
		"sc://h/;use_ssl=true":                 {Address: "h:15002", TLS: true, Headers: none},
		"sc://h/;token=a%3Bb%25":               {Address: "h:15002", TLS: true, Token: "a;b%", Headers: none},
		"sc://127.0.0.1/;token=a":              {Address: "127.0.0.1:15002", Token: "a", Headers: none},
		"sc://[::1]/;token=a":                  {Address: "[::1]:15002", Token: "a", Headers: none},
		"sc://127.0.0.1/;token=a;use_ssl=true": {Address: "127.0.0.1:15002", Token: "a", TLS: true, Headers: none},
		"sc://h/;token=a;use_ssl=false":        {Address: "h:15002", Token: "a", Headers: none},
		"sc://h/;user_id=ann;session_id=" + id + ";user_agent=my%20app;X-Team=blue;grpc_max_message_size=1000": {
			Address: "h:15002", UserID: "ann", SessionID: id, UserAgent: "my app", Headers: map[string]string{"x-team": "blue"}, MaxMessage: 1000,
		},
		"sc://h/;grpc_keepalive_enabled=false;grpc_keepalive_time_ms=1000;grpc_keepalive_timeout_ms=20;grpc_keepalive_without_calls=false": {
			Address: "h:15002", Headers: none, Keepalive: Keepalive{Off: true, Every: time.Second, Timeout: 20 * time.Millisecond, OnlyInFlight: true},
		},
	} {
		got, err := Parse(remote)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %#v %v", remote, got, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, remote := range []string{
		"", "localhost:15002", "http://h", "sc://", "sc://:15002", "sc://h:0", "sc://h:65536", "sc://h:x", "sc://h/x", "sc://h/path;a=b",
		"sc://h?token=s3cret", "sc://s3cret@h", "sc://h/;token=s3cret%zz", "sc://h/;token=", "sc://h/;s3cret", "sc://h/;=s3cret", "sc://h/;token=s3cret%0A",
		"sc://h/;use_ssl=yes", "sc://h/;session_id=s3cret", "sc://h/;grpc_max_message_size=-1", "sc://h/;grpc_keepalive_time_ms=x", "sc://h/;sp%20ace=s3cret",
		"sc://h:15002/;x y=s3cret",
	} {
		_, err := Parse(remote)
		if err == nil {
			t.Errorf("%s was taken", remote)
		} else if strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: a secret is in %q", remote, err)
		}
	}
}

func TestTokenNeedsEncryption(t *testing.T) {
	for address, ok := range map[string]bool{
		"127.0.0.1:1": true, "localhost:1": true, "[::1]:1": true, "[::ffff:127.0.0.1]:1": true, "unix:/x": true,
		"10.0.0.1:1": false, "example.com:1": false, "localhost.example.com:1": false, "0.0.0.0:1": false,
	} {
		s, err := Open(Options{Address: address, Token: "s3cret"})
		if (err == nil) != ok {
			t.Errorf("%s: %v", address, err)
		}
		if err != nil && (strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "use_ssl=true")) {
			t.Errorf("%s: %v", address, err)
		}
		if s != nil {
			_ = s.Close()
		}
		if s, err = Open(Options{Address: address, Token: "s3cret", TLS: true}); err != nil {
			t.Errorf("%s with TLS: %v", address, err)
		} else {
			_ = s.Close()
		}
	}
}

func TestOptionsPrintNoSecret(t *testing.T) {
	o := Options{Address: "h:1", Token: "s3cret", Headers: map[string]string{"x-key": "s3cret"}}
	for _, format := range []string{"%v", "%+v", "%s", "%#v", "%q"} {
		for _, v := range []any{o, &o, struct{ O Options }{o}} {
			if text := fmt.Sprintf(format, v); strings.Contains(text, "s3cret") {
				t.Errorf("%s: %s", format, text)
			}
		}
	}
	if text := o.LogValue().String(); strings.Contains(text, "s3cret") {
		t.Error(text)
	}
}

func TestOpenRefuses(t *testing.T) {
	for name, o := range map[string]Options{
		"no address":    {},
		"session id":    {Address: "localhost:1", SessionID: "me"},
		"odd UUID":      {Address: "localhost:1", SessionID: "urn:uuid:00112233-4455-6677-8899-aabbccddeeff"},
		"control chars": {Address: "localhost:1", Token: "s3cret\n"},
	} {
		if _, err := Open(o); err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("sc://h:1/;token=s3cret;x-y=z;use_ssl=true")
	f.Fuzz(func(t *testing.T, remote string) {
		o, err := Parse(remote)
		if err != nil {
			return
		}
		if o.Address == "" || strings.ContainsAny(o.Token, "\r\n") {
			t.Errorf("%q became %q", remote, o.Address)
		}
	})
}
