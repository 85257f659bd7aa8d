package profile

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"time"
)

// tokenTime bounds how long a command that prints a token may take.
const tokenTime = time.Minute

// Address is the address of a remote engine without anything secret.
func (p *Profile) Address() string {
	x := expander{options: p.set.options}
	return withoutParameters(x.expand(p.Values["url"]))
}

// Remote is the address of a remote engine with a token that is read, or made by
// the profile's command, at this moment: a caller asks again for each new
// connection, so that a token that has run out is replaced.
func (p *Profile) Remote(ctx context.Context) (string, error) {
	if p.own.broken != nil {
		return "", p.own.broken
	}
	x := expander{options: p.set.options}
	address := x.expand(p.Values["url"])
	token, err := p.token(ctx, &x)
	if err := errors.Join(err, x.failed); err != nil {
		return "", err
	}
	if token != "" {
		if !strings.Contains(address, ";") {
			address = strings.TrimRight(address, "/") + "/"
		}
		address += ";token=" + url.PathEscape(token)
	}
	return address, nil
}

// token is the bearer token; empty when the profile has none.
func (p *Profile) token(ctx context.Context, x *expander) (string, error) {
	if v, ok := p.Values["token_command"]; ok && len(v.List) > 0 {
		return p.ask(ctx, x, v)
	}
	if v, ok := p.Values["token_file"]; ok {
		b, err := os.ReadFile(x.expand(v))
		if err != nil {
			return "", fmt.Errorf("read the token of profile %s: %w", p.Name, err)
		}
		return strings.TrimSpace(string(b)), nil
	}
	if v, ok := p.Values["token"]; ok {
		return x.expand(v), nil
	}
	return "", nil
}

// ask runs the command that prints a token. What it prints is never in an error.
func (p *Profile) ask(ctx context.Context, x *expander, v Value) (string, error) {
	argv := make([]string, 0, len(v.List))
	for _, a := range v.List {
		argv = append(argv, x.expand(Value{Text: a, Origin: v.Origin}))
	}
	ctx, cancel := context.WithTimeout(ctx, tokenTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = p.set.options.Env
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		said := ""
		if e := (*exec.ExitError)(nil); errors.As(err, &e) {
			said = strings.TrimSpace(string(e.Stderr))
		}
		return "", fmt.Errorf("the command %s for the token of profile %s (%s) failed: %w %s", argv[0], p.Name, v.Origin, err, said)
	}
	token := strings.TrimSpace(string(out))
	if token == "" {
		return "", fmt.Errorf("the command %s for the token of profile %s (%s) printed nothing", argv[0], p.Name, v.Origin)
	}
	return token, nil
}
