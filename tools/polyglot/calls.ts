// The calls of calls.py, by a client that other tools make from the same document.
//
//     node calls.js BASE_URL
//
// Prints a JSON line for each call: its name, the status, the answer.

import createClient from "openapi-fetch";
import type { components, paths } from "./openapi.js";

declare const process: { argv: string[] };

const client = createClient<paths>({
  baseUrl: process.argv[2] ?? "",
  headers: { Authorization: "Bearer polyglot" },
});
const threadId = "thread_abc123";

interface Answer<T> {
  response: Response;
  data?: T;
  error?: unknown;
}

function show<T>(call: string, { response, data, error }: Answer<T>): T | undefined {
  console.log(JSON.stringify({ call, status: response.status, answer: data ?? error }));
  return data;
}

const content: components["schemas"]["CreateMessageRequest"]["content"] = [
  { type: "text", text: "Was ist das? 【?】" },
  { type: "image_url", image_url: { url: "https://example.com/cat.png", detail: "low" } },
];
const created = show(
  "create",
  await client.POST("/threads/{threadId}/messages", {
    params: { path: { threadId } },
    body: {
      role: "user",
      content,
      attachments: [{ file_id: "file-abc123", tools: [{ type: "file_search" }] }],
      metadata: { asked: "först" },
    },
  }),
);
const path = { threadId, messageId: created?.id ?? "" };
const message = "/threads/{threadId}/messages/{messageId}";

show(
  "list",
  await client.GET("/threads/{threadId}/messages", {
    params: { path: { threadId }, query: { order: "asc", limit: 100 } },
  }),
);
show("retrieve", await client.GET(message, { params: { path } }));
show("update", await client.POST(message, { params: { path }, body: { metadata: { seen: "yes" } } }));
show("delete", await client.DELETE(message, { params: { path } }));
show("retrieve what is gone", await client.GET(message, { params: { path } }));

// Never run. The compiler fails on these two lines if it stops checking what they are about.
export const refused = [
  // @ts-expect-error: a role is required
  () => client.POST("/threads/{threadId}/messages", { params: { path: { threadId } }, body: { content } }),
  // @ts-expect-error: the message's id is missing
  () => client.DELETE(message, { params: { path: { threadId } } }),
];
