package sqltext

import (
	"slices"
	"strings"
)

// Effect is what a statement does besides answering, as far as its first words
// tell; the zero value is that of a query.
type Effect struct {
	Did    string // "created", "inserted into", …
	Kind   string // of the object: "table", "view", "schema", …; may be empty
	Object string // its name as written; may be empty
	// Temporary tells a temporary view or function, which ends with the session.
	Temporary bool
}

// ChangesCatalog reports whether tables, views, functions, their columns or the
// current database may be others afterwards.
func (e Effect) ChangesCatalog() bool {
	return e.Did != "" && !slices.Contains([]string{"inserted into", "deleted from", "updated", "merged into", "analyzed"}, e.Did)
}

// String is the effect in words: "view v created", "inserted into t".
func (e Effect) String() string {
	if e.Did == "" {
		return ""
	}
	object := strings.TrimSpace(e.Kind + " " + e.Object)
	if strings.HasSuffix(e.Did, "into") || strings.HasSuffix(e.Did, "from") || strings.HasSuffix(e.Did, "using") {
		return strings.TrimSpace(e.Did + " " + object)
	}
	return strings.TrimSpace(object + " " + e.Did)
}

// EffectOf reads the effect of one statement.
func EffectOf(text string) Effect {
	r := &wordReader{text: text}
	for _, t := range scan(text) {
		if t.kind != comment {
			r.tokens = append(r.tokens, t)
		}
	}
	switch verb := r.keyword(); verb {
	case "CREATE", "DROP", "ALTER", "REPLACE":
		return r.definition(map[string]string{"CREATE": "created", "DROP": "dropped", "ALTER": "altered", "REPLACE": "replaced"}[verb])
	case "INSERT":
		if r.skip("INTO") || r.skip("OVERWRITE") {
			return r.onTable("inserted into")
		}
	case "DELETE":
		r.skip("FROM")
		return r.onTable("deleted from")
	case "MERGE":
		r.skip("WITH", "SCHEMA", "EVOLUTION")
		r.skip("INTO")
		return r.onTable("merged into")
	case "USE":
		r.skip("DATABASE", "SCHEMA", "NAMESPACE", "CATALOG")
		return Effect{Did: "now using", Object: r.name()}
	case "CACHE", "UNCACHE":
		r.skip("LAZY")
	}
	r.at = 0
	if did, ok := tableVerbs()[r.keyword()]; ok {
		r.skip("LAZY")
		return r.onTable(did)
	}
	return Effect{}
}

// tableVerbs are the statements that say VERB [TABLE] NAME.
func tableVerbs() map[string]string {
	return map[string]string{"UPDATE": "updated", "TRUNCATE": "emptied", "CACHE": "cached", "UNCACHE": "uncached",
		"REFRESH": "refreshed", "ANALYZE": "analyzed", "MSCK": "repaired"}
}

// wordReader reads the words at the head of a statement.
type wordReader struct {
	text   string
	tokens []token
	at     int
}

func (r *wordReader) word() string {
	if r.at >= len(r.tokens) || r.tokens[r.at].kind != word {
		return ""
	}
	return strings.ToUpper(r.text[r.tokens[r.at].start:r.tokens[r.at].end])
}

func (r *wordReader) keyword() string {
	w := r.word()
	r.at++
	return w
}

// skip passes over any of the words that stand here, and says whether one did.
func (r *wordReader) skip(words ...string) bool {
	from := r.at
	for slices.Contains(words, r.word()) {
		r.at++
	}
	return r.at > from
}

// definition reads CREATE, DROP and ALTER behind the verb.
func (r *wordReader) definition(did string) Effect {
	e := Effect{Did: did}
	if r.skip("OR", "REPLACE") {
		e.Did = "created"
	}
	for {
		switch {
		case r.skip("GLOBAL", "EXTERNAL"):
		case r.skip("TEMP", "TEMPORARY"):
			e.Temporary = true
		default:
			e.Kind = strings.ToLower(r.keyword())
			r.skip("IF", "NOT", "EXISTS")
			e.Object = r.name()
			return e
		}
	}
}

func (r *wordReader) onTable(did string) Effect {
	e := Effect{Did: did}
	if r.skip("TABLE", "REPAIR") {
		e.Kind = "table"
	}
	r.skip("IF", "EXISTS")
	e.Object = r.name()
	return e
}

// name reads a name of several parts, quotes and all.
func (r *wordReader) name() string {
	if r.at >= len(r.tokens) || r.tokens[r.at].kind == symbol {
		return ""
	}
	start, end := r.tokens[r.at].start, r.tokens[r.at].end
	for r.at++; r.at+1 < len(r.tokens) && r.tokens[r.at].is(r.text, "."); r.at += 2 {
		end = r.tokens[r.at+1].end
	}
	return r.text[start:end]
}
