// A person in a browser: logs in by the page's form and chats, all through the recorder.
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { run } from "../../commands/command.fixture.js";
import { describeWith, pathOf } from "../../support/services.js";
import { type Client, PERSON } from "./clients.js";
import { recorded } from "./recorded.js";
import { letterServer } from "./servers.js";

describeWith(["chromium"], "gp-load record with a browser", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: pathOf("chromium"),
      args: ["--no-sandbox", "--disable-gpu"],
    });
  });
  afterAll(() => browser?.close());

  it("records a chat on a page served through it as a working scenario file", async () => {
    const troubles: string[] = [];
    const hosts = new Set<string>();
    const chat: Client = async (url, texts) => {
      const page = await browser.newPage();
      page.on("console", (message) => troubles.push(message.text()));
      page.on("pageerror", ({ message }) => troubles.push(message));
      page.on("request", (request) => hosts.add(new URL(request.url()).host));
      page.on("websocket", (socket) => hosts.add(new URL(socket.url()).host));
      await page.goto(url);
      await page.fill("[name=nick]", PERSON.email);
      await page.fill("[name=pin]", PERSON.password);
      await page.click("button");
      await page.waitForFunction(() => document.cookie.includes("in=1"));
      for (const [at, text] of texts.entries()) {
        await page.fill("#say", text);
        await page.press("#say", "Enter");
        await page.waitForSelector(`li:nth-child(${at + 1})[data-done=yes]`);
      }
      hosts.delete(new URL(url).host);
      await page.close();
    };
    const { url, messages } = await letterServer();
    const made = await recorded(url, chat);
    expect([troubles, [...hosts], messages()]).toEqual([[], [], 2]);
    expect(made.options).toMatchObject({
      login: {
        request: { path: "/enter", form: { nick: "{email}", pin: "{password}" } },
        bearer: { setCookie: "sid" },
      },
      socket: { path: "/sock", query: { v: "2" } },
      send: { k: "M", r: "{threadId}", m: "{messageId}", b: { x: "{text}" } },
    });
    const ran = await run(["try", "-f", "recorded.yaml", "--turns", "2"], { "recorded.yaml": made.text });
    expect([ran.exit, ran.stderr]).toEqual([0, ""]);
  });
});
