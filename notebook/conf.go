package notebook

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"gospark/display"
	"gospark/kernel/wire"
	"gospark/magic"
	"gospark/render"
	"gospark/sparkclient"
)

// conf is %spark conf.
func (n *Notebook) conf(ctx context.Context, r *run, c magic.SparkConf) (*display.Bundle, error) {
	s, err := n.ready(ctx, r)
	if err != nil {
		return nil, err
	}
	unknown, err := change(ctx, s.session.Conf(), c)
	for _, key := range unknown {
		r.out.Stream(wire.Stderr, key+" was set, but it is no setting that Spark knows. `%spark conf --grep` finds one by a part of its name.\n")
	}
	if err != nil {
		return nil, err
	}
	n.kept.noteConf(s.epoch, c)
	if len(c.Set)+len(c.Unset) > 0 && len(c.Keys) == 0 {
		return text("set for this notebook's session"), nil
	}
	all, err := s.session.Conf().All(ctx)
	if err != nil {
		return nil, err
	}
	for _, key := range c.Keys { // what nobody set has a default all the same
		if _, set := all[key]; set {
			continue
		}
		if all[key], err = s.session.Conf().Get(ctx, key); err != nil {
			return nil, err
		}
	}
	return confTable(all, c)
}

// change sets and unsets. It returns the keys that Spark took without knowing
// them, which are usually misspelt, also where it fails after them.
func change(ctx context.Context, conf sparkclient.Conf, c magic.SparkConf) (unknown []string, err error) {
	for _, v := range c.Set {
		if err := conf.Set(ctx, v.Key, v.Value); err != nil {
			return unknown, err
		}
		known, err := conf.IsModifiable(ctx, v.Key)
		if err != nil {
			return unknown, err
		}
		if !known {
			unknown = append(unknown, v.Key)
		}
	}
	if len(c.Unset) == 0 {
		return unknown, nil
	}
	return unknown, conf.Unset(ctx, c.Unset...)
}

// confTable shows the settings that c asks for.
func confTable(all map[string]string, c magic.SparkConf) (*display.Bundle, error) {
	match, err := regexp.Compile("(?i)" + c.Grep)
	if err != nil {
		return nil, fmt.Errorf("--grep: %w", err)
	}
	var rows [][]any
	for _, key := range slices.Sorted(maps.Keys(all)) {
		if len(c.Keys) > 0 && !slices.Contains(c.Keys, key) || !match.MatchString(key) {
			continue
		}
		value := all[key]
		if secretKey.MatchString(key) {
			value = "(hidden)"
		}
		rows = append(rows, []any{key, value})
	}
	table := render.Table([]render.Column{{Name: "key"}, {Name: "value"}}, rows, render.TableOptions{})
	return &table, nil
}

// secretKey matches keys whose values are never shown; Spark's own
// spark.redaction.regex has the same default.
var secretKey = regexp.MustCompile(`(?i)secret|password|token|access[.]?key`)
