import { describe, expect, it } from "vitest";
import { EndpointRotation, parseEndpoint } from "../../src/signaling/endpoints.js";

describe("endpoints", () => {
  it.each([
    ["wss://sfu-ru.example.com/ws", "wss://sfu-ru.example.com/ws"],
    ["ws://localhost:8888/ws", "ws://localhost:8888/ws"],
    ["ws://127.0.0.1:8888/ws", "ws://127.0.0.1:8888/ws"],
    ["ws://[::1]:8888/ws", "ws://[::1]:8888/ws"],
    ["ws://crosspoint.localhost/ws", "ws://crosspoint.localhost/ws"],
    ["  wss://a.example/ws ", "wss://a.example/ws"],
  ])("%s is accepted", (text, expected) => {
    expect(parseEndpoint(text)).toBe(expected);
  });

  it.each([
    ["ws://sfu.example.com/ws", "INSECURE_ENDPOINT"],
    ["ws://localhost.example.com/ws", "INSECURE_ENDPOINT"],
    ["ws://10.0.0.1/ws", "INSECURE_ENDPOINT"],
    ["http://localhost/ws", "INVALID_ENDPOINT"],
    ["not a url", "INVALID_ENDPOINT"],
  ])("%s is refused with %s", (text, code) => {
    expect(() => parseEndpoint(text)).toThrow(expect.objectContaining({ code }));
  });

  it("an empty list is refused", () => {
    expect(() => new EndpointRotation(["", " "])).toThrow(
      expect.objectContaining({ code: "INVALID_ENDPOINT" }),
    );
  });

  it("the rotation goes round", () => {
    const rotation = new EndpointRotation(["wss://a/ws", "wss://b/ws", "wss://a/ws"]);
    expect([rotation.current, rotation.advance(), rotation.advance()]).toEqual([
      "wss://a/ws",
      "wss://b/ws",
      "wss://a/ws",
    ]);
  });
});
