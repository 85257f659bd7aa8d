package notebook

import (
	"os"
	"strings"
	"testing"
)

// A plot of gonum is shown as a picture. Its modules come from the network, and take
// half a minute to compile: it is asked for by GOSPARK_MODULES=1.
func TestGonumPlot(t *testing.T) {
	if os.Getenv("GOSPARK_MODULES") == "" {
		t.Skip("set GOSPARK_MODULES=1 to get modules from the network")
	}
	t.Chdir(t.TempDir())
	b := open(t, withGo(t, Options{}))
	b.good("%go get gonum.org/v1/plot@v0.16.0")
	b.good(`import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/plotutil"
)
p := plot.New()
p.Title.Text = "squares"
points := plotter.XYs{}
for x := range 20 {
	points = append(points, plotter.XY{X: float64(x), Y: float64(x * x)})
}
plotutil.AddLinePoints(p, "x²", points)`)
	for _, code := range []string{"p", "display.Show(p)"} {
		a := b.cell(code)
		shown := a.result.Value
		if len(a.shown) > 0 {
			shown = &a.shown[0].Bundle
		}
		if a.err != nil || shown == nil {
			t.Fatalf("%s: %s", code, a.trace())
		}
		if data, _ := shown.Data["image/png"].(string); !strings.HasPrefix(data, "iVBOR") || shown.Text() != "[image, 576×384]" {
			t.Errorf("%s: %v", code, shown.Text())
		}
	}
	b.good("%save main.go")
	holds(t, b.cell("!go run main.go").out(), "&{")
}
