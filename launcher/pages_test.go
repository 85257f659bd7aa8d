package launcher

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// webUI plays Spark's: it refuses who does not sign, and redirects and links as
// Spark does.
func webUI(t *testing.T, key []byte) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, sum, _ := cutLast(strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "))
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		if sum != base64.RawURLEncoding.EncodeToString(h.Sum(nil)) {
			http.Error(w, "no", http.StatusForbidden)
			return
		}
		base := r.Header.Get("X-Forwarded-Context")
		switch r.URL.Path {
		case "/", "/stages/stage/kill/":
			w.Header().Set("Location", "http://"+r.Host+base+"/jobs/")
			w.WriteHeader(http.StatusFound)
		case "/static/utils.js":
			_, _ = io.WriteString(w, `var ind = words.indexOf("proxy");`)
		case "/away":
			w.Header().Set("Location", "https://elsewhere.example.org/x")
			w.WriteHeader(http.StatusFound)
		default:
			_, _ = io.WriteString(w, "page "+r.URL.Path+" at "+base+" cookie "+r.Header.Get("Cookie"))
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func cutLast(s string) (before, after string, ok bool) {
	i := strings.LastIndexByte(s, '.')
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

// startPages serves a page proxy before a Web UI.
func startPages(t *testing.T) *pages {
	t.Helper()
	p, err := newPages()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { p.serve(); close(done) }()
	t.Cleanup(func() { p.close(); <-done })
	u, err := url.Parse(webUI(t, p.key).URL)
	if err != nil {
		t.Fatal(err)
	}
	p.show(u.Port())
	return p
}

// get is one request, without following redirects, as behind another proxy.
func get(t *testing.T, c *http.Client, address, forwarded string) (status int, body, location string) {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if forwarded != "" {
		req.Header.Set("X-Forwarded-Context", forwarded)
	}
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b), res.Header.Get("Location") + res.Header.Get("Refresh")
}

func TestPagesForPrograms(t *testing.T) {
	p := startPages(t)
	c := &http.Client{}
	api := p.api()
	first := "/" + p.secret
	for _, tt := range []struct{ path, forwarded, body, location string }{
		{"/jobs/", "", "page /jobs/ at " + first, ""},
		{"/api/v1/applications", "", "page /api/v1/applications at " + first, ""},
		{"/jobs/", "/user/ada/proxy/1", "page /jobs/ at /user/ada/proxy/1" + first, ""},
		{"/", "", "", "./jobs/"},
		{"/", "/user/ada/proxy/1", "", "./jobs/"},
		{"/stages/stage/kill/", "/b", "", "./../../../jobs/"},
		{"/away", "", "", "https://elsewhere.example.org/x"},
		{"/static/utils.js", "", `var ind = words.indexOf("\u0000");`, ""},
		{"", "", "", p.secret + "/"},
	} {
		_, body, location := get(t, c, api+tt.path, tt.forwarded)
		if !strings.HasPrefix(body, tt.body) || location != tt.location {
			t.Errorf("%+v: %q %q", tt, body, location)
		}
	}
}

// A ticket gives a cookie once; without secret, ticket or cookie there is nothing.
func TestPagesForBrowsers(t *testing.T) {
	p := startPages(t)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser, stranger := &http.Client{Jar: jar}, &http.Client{}
	link := p.link()
	place := p.root() + p.place + "/jobs/"
	for name, address := range map[string]string{"the place": place, "a guess": p.root() + "jobs/", "a wrong ticket": p.root() + "open/x", "nothing": p.root()} {
		if code, body, _ := get(t, stranger, address, ""); code != http.StatusForbidden && !strings.HasPrefix(body, "Opening") {
			t.Errorf("%s: %d %s", name, code, body)
		}
	}
	if _, _, to := get(t, browser, link+"/jobs/", ""); to != "0; url=../../"+"../"+p.place+"/jobs/" {
		t.Errorf("leads to %s", to)
	}
	code, body, _ := get(t, browser, place, "")
	if code != http.StatusOK || strings.Contains(body, p.cookie) {
		t.Errorf("the browser: %d %s", code, body)
	}
	get(t, stranger, link+"/jobs/", "")
	if code, _, _ := get(t, stranger, place, ""); code != http.StatusForbidden {
		t.Errorf("a used link was good for another: %d", code)
	}
	if strings.Contains(link, p.secret) || strings.Contains(link, p.cookie) {
		t.Error("the link holds a secret that lasts")
	}
}
