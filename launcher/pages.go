package launcher

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// uiFilter is Spark's own guard of its Web UI: it wants a token signed with a
// key that only Spark and the supervisor have.
const uiFilter = "org.apache.spark.ui.JWSFilter"

// pages is the page proxy: the only way to the Web UI and its REST interface.
// Loopback ports are open to every user of the machine, so a caller must know
// something: the secret, as the first part of the path, or a cookie. A browser
// gets its cookie by a ticket that is good for one use, so that a link in a saved
// notebook is worth nothing to whoever reads it later.
//
// Goroutine: serve, started by the supervisor's run, ended by close.
type pages struct {
	listener net.Listener
	server   *http.Server
	secret   string // first part of the path for programs
	cookie   string // value of the cookie
	place    string // first part of the path for browsers; no secret
	key      []byte // of the tokens that Spark checks

	transport *http.Transport // never by a proxy: both ends are here

	mu      sync.Mutex // guards the fields below
	target  *url.URL   // the Web UI; nil before it is up
	tickets []string   // that nobody used, oldest first
}

// ticketsKept bounds how many links wait for a use.
const ticketsKept = 256

func newPages() (*pages, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // binds at once
	if err != nil {
		return nil, fmt.Errorf("open the page proxy's port: %w", err)
	}
	p := &pages{listener: l, secret: rand.Text(), cookie: rand.Text(), place: "ui-" + rand.Text()[:8], key: []byte(rand.Text() + rand.Text()),
		transport: &http.Transport{}}
	p.server = &http.Server{Handler: p, ReadHeaderTimeout: requestTimeout}
	return p, nil
}

func (p *pages) serve() { _ = p.server.Serve(p.listener) } // always an error, of close

func (p *pages) close() {
	_ = p.server.Close()
	p.transport.CloseIdleConnections()
}

// show makes the Web UI at a port reachable.
func (p *pages) show(port string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = &url.URL{Scheme: "http", Host: net.JoinHostPort("127.0.0.1", port)}
}

func (p *pages) root() string { return "http://" + p.listener.Addr().String() + "/" }

// api is the address for programs; it holds the secret. Empty without a Web UI.
func (p *pages) api() string {
	if p == nil || p.ui() == nil {
		return ""
	}
	return p.root() + p.secret
}

// link is an address for a browser, good for one use. Empty without a Web UI.
func (p *pages) link() string {
	if p == nil || p.ui() == nil {
		return ""
	}
	t := rand.Text()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.tickets = append(p.tickets[max(0, len(p.tickets)-ticketsKept+1):], t)
	return p.root() + "open/" + t
}

func (p *pages) ui() *url.URL {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.target
}

// conf adds Spark's side of the guard to its properties.
func (p *pages) conf(conf map[string]string) {
	conf["spark.ui.filters"] = strings.Trim(uiFilter+","+conf["spark.ui.filters"], ",")
	conf["spark."+uiFilter+".param.secretKey"] = base64.RawURLEncoding.EncodeToString(p.key)
}

// bearer is the token that Spark's filter wants (RFC 7515, HS256).
func (p *pages) bearer() string {
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." +
		base64.RawURLEncoding.EncodeToString([]byte(`{"sub":"gospark"}`))
	h := hmac.New(sha256.New, p.key)
	h.Write([]byte(text))
	return "Bearer " + text + "." + base64.RawURLEncoding.EncodeToString(h.Sum(nil))
}

// forwarded is the path before ours, as another proxy before us tells it.
func forwarded(r *http.Request) string {
	return strings.TrimRight(path.Clean("/"+r.Header.Get("X-Forwarded-Context")), "/")
}

// ServeHTTP answers a browser or a program.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Referrer-Policy", "no-referrer") // links that lead away must not carry the path along
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch {
	case same(first, p.secret):
		p.pass(w, r, first)
	case first == p.place && p.known(r):
		p.pass(w, r, first)
	case first == "open":
		p.open(w, r, rest)
	default:
		http.Error(w, "This page needs a link of its own: run %spark ui in a notebook, or gospark server status in a terminal.", http.StatusForbidden)
	}
}

func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

func (p *pages) known(r *http.Request) bool {
	c, err := r.Cookie(p.place)
	return err == nil && same(c.Value, p.cookie)
}

// open takes a ticket, gives the browser its cookie and leads to the page.
func (p *pages) open(w http.ResponseWriter, r *http.Request, rest string) {
	ticket, page, _ := strings.Cut(rest, "/")
	if q := r.URL.Query().Encode(); q != "" {
		page += "?" + q
	}
	if p.use(ticket) { // a used link still leads there: the browser may have its cookie
		http.SetCookie(w, &http.Cookie{Name: p.place, Value: p.cookie, Path: forwarded(r) + "/" + p.place + "/",
			HttpOnly: true, SameSite: http.SameSiteStrictMode})
	}
	// Not by Location: a strict cookie is not sent along a redirect that began at
	// another site, such as the notebook's.
	w.Header().Set("Refresh", "0; url="+strings.Repeat("../", 1+strings.Count(rest, "/"))+p.place+"/"+page)
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, "Opening the Spark Web UI …\n")
}

// use takes a ticket; false when there is none like it.
func (p *pages) use(ticket string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := slices.IndexFunc(p.tickets, func(t string) bool { return same(t, ticket) })
	if at < 0 {
		return false
	}
	p.tickets = slices.Delete(p.tickets, at, at+1)
	return true
}

// pass hands a request to the Web UI, whose links then begin with ours.
func (p *pages) pass(w http.ResponseWriter, r *http.Request, first string) {
	target := p.ui()
	if target == nil {
		http.Error(w, "The Spark Web UI is not up.", http.StatusServiceUnavailable)
		return
	}
	context := forwarded(r) + "/" + first
	rest := strings.TrimPrefix(r.URL.Path, "/"+first)
	if rest == "" { // links are relative to the folder
		w.Header().Set("Location", path.Base(first)+"/")
		w.WriteHeader(http.StatusFound)
		return
	}
	proxy := httputil.ReverseProxy{
		Transport: p.transport,
		Rewrite: func(pr *httputil.ProxyRequest) {
			pr.SetURL(target)
			pr.Out.URL.Path, pr.Out.URL.RawPath = rest, strings.TrimPrefix(r.URL.RawPath, "/"+first)
			pr.Out.Host = target.Host
			pr.Out.Header.Del("Accept-Encoding")
			pr.Out.Header.Del("Cookie")
			pr.Out.Header.Set("Authorization", p.bearer())
			pr.Out.Header.Set("X-Forwarded-Context", context)
		},
		ModifyResponse: func(res *http.Response) error {
			res.Header.Set("Referrer-Policy", "no-referrer")
			relocate(res, target, context, rest)
			return mendScript(res)
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			http.Error(w, "The Spark Web UI does not answer.", http.StatusBadGateway)
		},
	}
	proxy.ServeHTTP(w, r)
}

// relocate makes a redirect of Spark's relative to the page, so that it holds
// behind any proxy. One that leads elsewhere stays.
func relocate(res *http.Response, target *url.URL, context, page string) {
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil || to.Path == "" || to.Host != "" && to.Host != target.Host {
		return
	}
	up := strings.Repeat("../", max(0, strings.Count(page, "/")-1))
	to.Scheme, to.Host = "", ""
	to.Path = "./" + up + strings.TrimPrefix(strings.TrimPrefix(to.Path, context), "/")
	res.Header.Set("Location", to.String())
}

// scriptLimit bounds a script of the Web UI that is looked at.
const scriptLimit = 8 * mib

// mendScript takes a trap out of Spark's own script: it looks for the word
// "proxy" in its address and then believes to be behind YARN's.
func mendScript(res *http.Response) error {
	if !strings.HasSuffix(res.Request.URL.Path, ".js") || res.StatusCode != http.StatusOK {
		return nil
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, scriptLimit))
	if err != nil {
		return err
	}
	res.Body.Close()
	b = bytes.ReplaceAll(b, []byte(`.indexOf("proxy")`), []byte(`.indexOf("\u0000")`))
	res.Body = io.NopCloser(bytes.NewReader(b))
	res.ContentLength = int64(len(b))
	res.Header.Set("Content-Length", strconv.Itoa(len(b)))
	return nil
}
