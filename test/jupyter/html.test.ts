import { type Notebook, type Output, renderNotebookHtml } from "ringside/jupyter";
import { describe, expect, test } from "vitest";

function page(...outputs: Output[]): string {
  const notebook: Notebook = {
    metadata: {},
    cells: [
      { cell_type: "markdown", id: "intro", metadata: {}, source: "# Title\n\n| a |\n| - |\n| 1 |" },
      { cell_type: "code", id: "run", metadata: {}, source: "1 < 2", execution_count: 1, outputs },
    ],
  };
  return renderNotebookHtml("A & B", notebook);
}

describe("rendering a notebook", () => {
  test("renders markdown with tables, and code as text", () => {
    const html = page();
    expect(html).toContain("<title>A &amp; B</title>");
    expect(html).toContain("<h1>Title</h1>");
    expect(html).toContain("<td>1</td>");
    expect(html).toContain("<code>1 &lt; 2</code>");
    expect(html).not.toContain("<script");
  });

  test("shows the richest form of a display", () => {
    const data = { "text/plain": "a line", "image/svg+xml": ["<svg>", "</svg>"] };
    const html = page({ output_type: "display_data", data, metadata: {} });
    expect(html).toContain("<svg></svg>");
    expect(html).not.toContain("a line");
  });

  test("shows printed text and errors as text", () => {
    const html = page(
      { output_type: "stream", name: "stderr", text: "<warned>" },
      { output_type: "error", ename: "E", evalue: "v", traceback: ["E: v", "    at In[1]:1:1"] },
    );
    expect(html).toContain('<pre class="stderr">&lt;warned&gt;</pre>');
    expect(html).toContain('<pre class="error">E: v\n    at In[1]:1:1</pre>');
  });
});
