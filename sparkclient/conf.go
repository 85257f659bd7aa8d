package sparkclient

import (
	"context"
	"fmt"

	"gospark/sparkclient/internal/plan"
)

// Conf is the session's configuration.
type Conf struct{ session *Session }

// Conf is the session's configuration.
func (s *Session) Conf() Conf { return Conf{s} }

// Get is the value of a key, or the default given, or an error when the key
// has none.
func (c Conf) Get(ctx context.Context, key string, unset ...string) (string, error) {
	op := &plan.ConfigRequestOperation{Get: &plan.ConfigRequestGet{Keys: []string{key}}}
	if len(unset) > 0 {
		op = &plan.ConfigRequestOperation{GetWithDefault: &plan.ConfigRequestGetWithDefault{Pairs: []*plan.KeyValue{{Key: key, Value: &unset[0]}}}}
	}
	r, err := config(ctx, c.session, op)
	if err != nil {
		return "", err
	}
	for _, pair := range r.Pairs {
		if pair.Key == key && pair.Value != nil {
			return *pair.Value, nil
		}
	}
	return "", nil
}

// All is every key that has a value, or those that begin with prefix (they
// come without it).
func (c Conf) All(ctx context.Context, prefix ...string) (map[string]string, error) {
	get := &plan.ConfigRequestGetAll{}
	if len(prefix) > 0 {
		get.Prefix = &prefix[0]
	}
	r, err := config(ctx, c.session, &plan.ConfigRequestOperation{GetAll: get})
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, pair := range r.Pairs {
		all[pair.Key] = deref(pair.Value, "")
	}
	return all, nil
}

// GetAll is All, under PySpark's name.
func (c Conf) GetAll(ctx context.Context) (map[string]string, error) { return c.All(ctx) }

// Set sets a key.
func (c Conf) Set(ctx context.Context, key string, value any) error {
	_, err := config(ctx, c.session, &plan.ConfigRequestOperation{Set: &plan.ConfigRequestSet{
		Pairs: []*plan.KeyValue{{Key: key, Value: new(fmt.Sprint(value))}}}})
	return err
}

// Unset gives keys their default again.
func (c Conf) Unset(ctx context.Context, keys ...string) error {
	_, err := config(ctx, c.session, &plan.ConfigRequestOperation{Unset: &plan.ConfigRequestUnset{Keys: keys}})
	return err
}

// IsModifiable says whether a key can be set in a running session.
func (c Conf) IsModifiable(ctx context.Context, key string) (bool, error) {
	keys, err := c.Modifiable(ctx, key)
	return len(keys) > 0, err
}

// Modifiable are those of the keys that can be set in a running session, found by
// one request.
func (c Conf) Modifiable(ctx context.Context, keys ...string) ([]string, error) {
	r, err := config(ctx, c.session, &plan.ConfigRequestOperation{IsModifiable: &plan.ConfigRequestIsModifiable{Keys: keys}})
	if err != nil {
		return nil, err
	}
	var out []string
	for _, pair := range r.Pairs {
		if deref(pair.Value, "") == "true" {
			out = append(out, pair.Key)
		}
	}
	return out, nil
}

func config(ctx context.Context, s *Session, op *plan.ConfigRequestOperation) (*plan.ConfigResponse, error) {
	e, err := s.Engine(ctx)
	if err != nil {
		return nil, err
	}
	b, err := e.Config(ctx, plan.Encode(op))
	if err != nil {
		return nil, s.noticed(e, err)
	}
	var r plan.ConfigResponse
	if err := plan.Decode(b, &r); err != nil {
		return nil, fmt.Errorf("read the configuration: %w", err)
	}
	return &r, nil
}
