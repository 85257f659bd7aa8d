package notebook

import (
	"fmt"
	"slices"
	"sync"
)

// cellNames are what cells are called where their jobs are listed: Spark tells of
// a job only the tag of its cell.
type cellNames struct {
	// mu guards the fields below.
	mu    sync.Mutex
	byTag map[string]string
	order []string // tags, the oldest first
}

// rememberedCells bounds the names that are kept.
const rememberedCells = 1000

// note keeps the name of a cell: its number and its text in one line.
func (c *cellNames) note(r *run) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byTag == nil {
		c.byTag = make(map[string]string)
	}
	if len(c.order) == rememberedCells {
		delete(c.byTag, c.order[0])
		c.order = slices.Delete(c.order, 0, 1)
	}
	c.byTag[r.tag] = oneLine(fmt.Sprintf("cell %d: %s", r.cell.Number, r.cell.Code))
	c.order = append(c.order, r.tag)
}

// of is what a job does, in one line: its cell, else what Spark says.
func (c *cellNames) of(j sparkJob) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	tag := j.cellTag()
	switch name, ok := c.byTag[tag]; {
	case ok:
		return name
	case tag == "gospark-"+previewCell:
		return "preview of a table"
	case tag != "":
		return "a cell of another notebook"
	case j.Description != "":
		return oneLine(j.Description)
	}
	return oneLine(j.Name)
}
