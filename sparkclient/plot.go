package sparkclient

import "slices"

// Chart is a DataFrame to be drawn: as the value of a cell, or by display.Show,
// it runs and shows as a picture. Spark sums up and samples; the picture's
// caption says so. In another program it is only a description.
type Chart struct {
	df *DataFrame
	ChartOptions
}

// ChartOptions say how a [Chart] is drawn; what is empty is chosen by the
// columns' types.
type ChartOptions struct {
	Kind  string // bar, line, area, point, hist, box, heat or pie
	X     string
	Y     []string // of heat: the rows, and what gives the shade
	Color string   // one colour for each value of a column
	Agg   string   // how the rows of one x become one y: sum, avg, min, max, count, median
}

// Plot draws the DataFrame, of which the columns are the x axis and what is
// drawn over it: df.Plot("bar", "carrier", "dep_delay").Agg("avg").
func (df *DataFrame) Plot(kind string, columns ...string) Chart {
	c := Chart{df: df, ChartOptions: ChartOptions{Kind: kind}}
	if len(columns) > 0 {
		c.X, c.Y = columns[0], slices.Clone(columns[1:])
	}
	return c
}

// Color gives each value of a column a colour of its own.
func (c Chart) Color(column string) Chart {
	c.ChartOptions.Color = column
	return c
}

// Agg says how the rows of one x become one y: sum (what it is without), avg,
// min, max, count or median.
func (c Chart) Agg(how string) Chart {
	c.ChartOptions.Agg = how
	return c
}

// DataFrame is what is drawn.
func (c Chart) DataFrame() *DataFrame { return c.df }

// Profile is a DataFrame to be summed up, column by column: as the value of a
// cell, or by display.Show, it runs and shows nulls, distinct values, range,
// mean, quantiles and a histogram of each, all by one pass over the data.
type Profile struct{ df *DataFrame }

// Profile sums up every column.
func (df *DataFrame) Profile() Profile { return Profile{df} }

// DataFrame is what is summed up.
func (p Profile) DataFrame() *DataFrame { return p.df }
