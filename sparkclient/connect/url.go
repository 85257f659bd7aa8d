package connect

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
)

// Parse reads a connection string as Spark's clients do:
//
//	sc://host[:port][/;key=value[;key=value…]]
//
// The keys are token, user_id, session_id, use_ssl, user_agent,
// grpc_max_message_size and grpc_keepalive_enabled, …_time_ms, …_timeout_ms and
// …_without_calls; any other key is a header for every request. Values are
// percent-encoded. A token for another machine means TLS; use_ssl=false there is
// refused by [Open]. No error repeats a value that may be secret.
func Parse(remote string) (Options, error) {
	rest, ok := strings.CutPrefix(remote, "sc://")
	if !ok {
		return Options{}, errors.New("the address of a Spark server begins with sc://")
	}
	if strings.ContainsAny(rest, "?#@ ") {
		return Options{}, errors.New("the address of a Spark server has the form sc://host:port/;key=value;key=value, special characters percent-encoded")
	}
	authority, params, _ := strings.Cut(rest, "/")
	address, err := parseAuthority(authority)
	if err != nil {
		return Options{}, err
	}
	if params != "" && params[0] != ';' {
		return Options{}, errors.New("after the host of a Spark server's address comes /; and then key=value;key=value")
	}
	o := Options{Address: address, Headers: map[string]string{}}
	ssl := ""
	for part := range strings.SplitSeq(params, ";") {
		if part == "" {
			continue
		}
		key, value, err := parseParam(part)
		if err != nil {
			return Options{}, err
		}
		if key == "use_ssl" {
			ssl = value
		}
		if err := o.set(key, value); err != nil {
			return Options{}, err
		}
	}
	if ssl == "" {
		o.TLS = o.Token != "" && !o.local()
	}
	return o, nil
}

// parseAuthority completes host with the default port.
func parseAuthority(authority string) (string, error) {
	u, err := url.Parse("sc://" + authority)
	if err != nil || u.Hostname() == "" {
		return "", errors.New("the address of a Spark server has no valid host: sc://host:port")
	}
	port := DefaultPort
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil || port < 1 || port > 65535 {
			return "", fmt.Errorf("port %s of a Spark server's address is not between 1 and 65535", u.Port())
		}
	}
	return net.JoinHostPort(u.Hostname(), strconv.Itoa(port)), nil
}

func parseParam(part string) (key, value string, err error) {
	key, value, ok := strings.Cut(part, "=")
	if !ok || key == "" {
		return "", "", errors.New("a parameter of a Spark server's address is not of the form key=value")
	}
	if value, err = url.PathUnescape(value); err != nil || !printable(value) || value == "" {
		return "", "", fmt.Errorf("the value of %s in a Spark server's address is empty or badly encoded", key)
	}
	return key, value, nil
}

// set takes one parameter.
func (o *Options) set(key, value string) (err error) {
	switch key {
	case "token":
		o.Token = value
	case "user_id":
		o.UserID = value
	case "session_id":
		if err = uuid.Validate(value); err != nil {
			err = errors.New("not a UUID")
		}
		o.SessionID = value
	case "user_agent":
		o.UserAgent = value
	case "use_ssl":
		o.TLS, err = parseBool(value)
	case "grpc_max_message_size":
		o.MaxMessage, err = parsePositive(value)
	default:
		return o.setKeepalive(key, value)
	}
	return parameterError(key, err)
}

// setKeepalive takes a parameter of the keep-alive, or a header.
func (o *Options) setKeepalive(key, value string) (err error) {
	var on bool
	switch key {
	case "grpc_keepalive_enabled":
		on, err = parseBool(value)
		o.Keepalive.Off = !on
	case "grpc_keepalive_without_calls":
		on, err = parseBool(value)
		o.Keepalive.OnlyInFlight = !on
	case "grpc_keepalive_time_ms":
		o.Keepalive.Every, err = parseMillis(value)
	case "grpc_keepalive_timeout_ms":
		o.Keepalive.Timeout, err = parseMillis(value)
	default:
		if strings.Trim(strings.ToLower(key), "abcdefghijklmnopqrstuvwxyz0123456789-_.") != "" {
			err = errors.New("not the name of a header")
		}
		o.Headers[strings.ToLower(key)] = value
	}
	return parameterError(key, err)
}

func parameterError(key string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("parameter %s of a Spark server's address: %w", key, err)
}

func parseBool(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	return false, errors.New("neither true nor false")
}

func parsePositive(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n <= 0 {
		return 0, errors.New("not a positive number")
	}
	return n, nil
}

func parseMillis(value string) (time.Duration, error) {
	n, err := parsePositive(value)
	return time.Duration(n) * time.Millisecond, err
}
