package notebook

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"gospark/display"
	"gospark/magic"
	"gospark/magic/sqltext"
	"gospark/sparkclient"
)

// keptWork remembers how a session was furnished – temporary views, settings – so
// that a new one can be given the same after a restart.
type keptWork struct {
	mu    sync.Mutex
	steps []step // in order, each name once; guarded by mu
}

// step makes one view, or one setting, again.
type step struct {
	epoch int    // of the session that has it
	name  string // "view v", "setting spark.x"
	again func(context.Context, *sparkclient.Session) error
}

// add remembers how something was made; nil forgets it.
func (k *keptWork) add(epoch int, name string, again func(context.Context, *sparkclient.Session) error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.steps = slices.DeleteFunc(k.steps, func(s step) bool { return strings.EqualFold(s.name, name) })
	if again != nil {
		k.steps = append(k.steps, step{epoch, name, again})
	}
}

// move says that a session has all that another one had: it is a copy.
func (k *keptWork) move(from, to int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for i := range k.steps {
		if k.steps[i].epoch == from {
			k.steps[i].epoch = to
		}
	}
}

// missing are the steps that a session does not have.
func (k *keptWork) missing(epoch int) []step {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(k.steps), func(s step) bool { return s.epoch == epoch })
}

// lost says in a line what a new session lacks, and how to get it back; empty
// where nothing is known to be lost.
func (k *keptWork) lost(epoch int) string {
	var names []string
	for _, s := range k.missing(epoch) {
		names = append(names, s.name)
	}
	if len(names) == 0 {
		return ""
	}
	return "Gone: " + strings.Join(names, ", ") + ". `%spark session restore` makes them again, by the statements that made them.\n"
}

// note remembers what a statement did to the session.
func (k *keptWork) note(epoch int, q query, e sqltext.Effect) {
	if e.Kind != "view" || e.Object == "" {
		return
	}
	switch {
	case e.Temporary && e.Did == "created":
		sql, args := q.Text, q.args
		k.add(epoch, "view "+e.Object, func(ctx context.Context, s *sparkclient.Session) error { return s.SQL(ctx, sql, args...).Err() })
	case e.Did == "dropped":
		k.add(epoch, "view "+e.Object, nil)
	}
}

// noteView remembers a view that the option -v made.
func (k *keptWork) noteView(epoch int, name string, df *sparkclient.DataFrame) {
	encoded, err := df.MarshalPlan()
	if err != nil {
		return // it could not be made again
	}
	k.add(epoch, "view "+name, func(ctx context.Context, s *sparkclient.Session) error {
		return s.FromPlan(encoded).CreateOrReplaceTempView(ctx, name)
	})
}

// noteConf remembers settings.
func (k *keptWork) noteConf(epoch int, c magic.SparkConf) {
	for _, v := range c.Set {
		k.add(epoch, "setting "+v.Key, func(ctx context.Context, s *sparkclient.Session) error { return s.Conf().Set(ctx, v.Key, v.Value) })
	}
	for _, key := range c.Unset {
		k.add(epoch, "setting "+key, nil)
	}
}

// restore is %spark session restore.
func (n *Notebook) restore(ctx context.Context, s state) (*display.Bundle, error) {
	steps := n.kept.missing(s.epoch)
	if len(steps) == 0 {
		return text("nothing to make again: the session has all the temporary views and settings that this notebook made by magics"), nil
	}
	defer n.catalog.forget()
	var made []string
	var errs []error
	for _, step := range steps {
		if err := step.again(ctx, s.session); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", step.name, err))
			continue
		}
		n.kept.add(s.epoch, step.name, step.again)
		made = append(made, step.name)
	}
	if len(made) == 0 {
		return nil, errors.Join(errs...)
	}
	return text("made again: " + strings.Join(made, ", ")), errors.Join(errs...)
}
