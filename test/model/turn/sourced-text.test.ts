// Which stretches of a streamed text are the answer.
import { describe, expect, it } from "vitest";
import { SourcedText } from "../../../src/model/turn/sourced-text.js";

/** Adds the pieces of one text, in order. */
function told(...pieces: readonly (readonly [source: string, text: string])[]) {
  const sourced = new SourcedText();
  let text = "";
  const say = (source: string, piece: string): void => {
    sourced.add(source, text.length, text.length + piece.length);
    text += piece;
  };
  for (const [source, piece] of pieces) say(source, piece);
  return { sourced, say, answer: () => sourced.answerOf(text) };
}

describe("a text of several sources", () => {
  it("is all answer until a source drops its words", () => {
    const { sourced, answer } = told(["router", "to wri"], ["router", "ter. "], ["writer", "Hello."]);
    expect(answer()).toBe("to writer. Hello.");
    sourced.settle("nobody", false);
    expect(answer()).toBe("to writer. Hello.");
    sourced.settle("router", false);
    expect(answer()).toBe("Hello.");
  });

  it("loses the dropped words of sources that talk at the same time, and no others", () => {
    const { sourced, answer } = told(["a", "1"], ["b", "x"], ["a", "2"], ["b", "y"], ["a", "3"]);
    sourced.settle("b", false);
    expect(answer()).toBe("123");
  });

  it("keeps what a source said before it was asked after, whatever becomes of its next words", () => {
    const { sourced, say, answer } = told(["agent", "Kept. "]);
    sourced.settle("agent", true);
    say("agent", "Dropped. ");
    sourced.settle("agent", false);
    say("agent", "Open.");
    expect(answer()).toBe("Kept. Open.");
  });

  it("is kept whole if nothing visible would be left", () => {
    const { sourced, answer } = told(["a", "Hello."], ["b", "\n"]);
    sourced.settle("a", false);
    expect(answer()).toBe("Hello.\n");
  });

  it("of more jumps than are kept is answer from there on", () => {
    const { sourced, answer } = told(
      ...Array.from({ length: 2000 }, (_, at) => [at % 2 === 0 ? "a" : "b", `${at % 10}`] as const),
    );
    sourced.settle("b", false);
    expect(answer()).toHaveLength(2000 - 250);
  });
});
