"""Whether a part of the page is laid out as it should be, whatever the fonts are.

Pictures that are compared with others break with each font, since lines wrap elsewhere; these rules hold with any.
"""
from playwright.sync_api import Locator

RULES = """part => {
  const faults = [];
  const name = e => `<${e.tagName.toLowerCase()} class="${e.getAttribute('class') ?? ''}"> “${e.textContent.trim().slice(0, 40)}”`;
  const boxes = new Map();
  const box = e => { if (!boxes.has(e)) boxes.set(e, e.getBoundingClientRect()); return boxes.get(e); };
  const seen = e => box(e).width > 0 && box(e).height > 0 && getComputedStyle(e).visibility !== 'hidden';
  const scrolls = style => /auto|scroll/.test(style.overflowX);
  const frame = box(part);
  const walk = (e, isFree) => {
    const style = getComputedStyle(e);
    const shown = [...e.children].filter(seen);
    // Nothing sticks out to the side of the part, but for what can be scrolled to or is cut off with an ellipsis.
    if (!isFree && e !== part && (box(e).right > frame.right + 1 || box(e).left < frame.left - 1)) {
      faults.push(`sticks out: ${name(e)}`);
      return;
    }
    // Text that is cut off says so by an ellipsis.
    const hasText = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    const cut = style.overflowX === 'hidden' && style.textOverflow !== 'ellipsis' && style.display !== 'inline';
    if (hasText && cut && e.scrollWidth > e.clientWidth + 1) {
      faults.push(`is cut off: ${name(e)}`);
    }
    // What lies beside each other does not lie upon each other.
    const flow = shown.filter(c => !/absolute|fixed|sticky/.test(getComputedStyle(c).position) && getComputedStyle(c).display !== 'inline');
    flow.forEach((one, at) => flow.slice(at + 1).forEach(other => {
      const [a, b] = [box(one), box(other)];
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 2 && high > 2) {
        faults.push(`lies upon another: ${name(one)} and ${name(other)}`);
      }
    }));
    // A button can be hit.
    if (e.matches('button, select, input') && (box(e).height < 12 || box(e).width < 12)) {
      faults.push(`is too small: ${name(e)}`);
    }
    for (const child of shown) {
      if (!(child instanceof SVGElement)) {
        walk(child, isFree || scrolls(style) && e !== part || style.textOverflow === 'ellipsis');
      }
    }
  };
  walk(part, false);
  return faults;
}"""


def faults(part: Locator) -> list[str]:
    """What is wrong with how a part is laid out, one line each."""
    assert part.evaluate("e => e.querySelectorAll('*').length"), "there is nothing to look at"
    return part.evaluate(RULES)
