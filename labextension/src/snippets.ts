/** Code to begin with, for the ready panel. */
export interface ISnippet {
  title: string;
  code: string;
}

/** The titles are translated where they are shown. */
export const snippets: readonly ISnippet[] = [
  { title: 'Ask in SQL', code: '%%sql\nSELECT id, id * id AS square FROM range(10)' },
  {
    title: 'Ask in Go',
    code: 'df := spark.Range(10).WithColumn("square", F.Col("id").Mul(F.Col("id")))\ndf'
  },
  { title: 'Read a file', code: 'df := spark.Read().Option("header", true).CSV("data/flights.csv")\ndf' },
  {
    title: 'Draw a chart',
    code: '%%sql --plot bar kind n --agg sum\nSELECT id % 3 AS kind, id AS n FROM range(30)'
  }
];
