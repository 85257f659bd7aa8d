package main

import (
	"context"
	"errors"
	"fmt"

	"gospark/launcher"
	"gospark/sparkclient"
	"gospark/sparkclient/connect"
)

// warm does for a moment what notebooks do, on the server with which the class
// archive is trained: what these queries load starts faster ever after.
func warm(ctx context.Context, server launcher.Server) error {
	o, err := connect.Parse(fmt.Sprintf("sc://%s/;token=%s", server.Address, server.Token))
	if err != nil {
		return err
	}
	engine, err := connect.Open(o)
	if err != nil {
		return err
	}
	session := sparkclient.New(func(context.Context) (sparkclient.Engine, error) { return engine, nil })
	for _, query := range []string{
		"SELECT 1",
		"SELECT id % 7 AS k, count(*) AS n, avg(id) AS m FROM range(1000) GROUP BY id % 7 ORDER BY n DESC",
		"SELECT a.id, rank() OVER (ORDER BY b.id) AS place FROM range(10) a JOIN range(10) b USING (id)",
		"SHOW TABLES",
	} {
		if _, err := session.SQL(ctx, query).Limit(100).Collect(ctx); err != nil {
			return errors.Join(err, session.Close(ctx))
		}
	}
	return session.Close(ctx)
}
