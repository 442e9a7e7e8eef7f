import { describe, expect, test } from "vitest";
import { lintMarkdown } from "../../lib/kernel/markdown";
import { pages } from "./texts";

describe("headings, links and text alternatives are in order", () => {
  test.for(pages)("%s", (page) => expect(lintMarkdown(page)).toEqual([]));
});
