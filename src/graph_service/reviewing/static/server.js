// Requests to the server of this page.

/** The server cannot be reached. */
export class Unreachable extends Error {}

/** The server refused. `status` says how, `answer` what it said. */
export class Refused extends Error {
  constructor(status, answer) {
    super(answer?.message ?? `HTTP ${status}`);
    Object.assign(this, { status, answer });
  }
}

export async function ask(method, path, body) {
  const options = { method, credentials: "same-origin" };
  if (body !== undefined) Object.assign(options, { body: JSON.stringify(body), headers: { "content-type": "application/json" } });
  let response, text;
  try {
    response = await fetch(path, options);
    text = await response.text();
  } catch {
    throw new Unreachable();
  }
  let answer = {};
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { message: text.trim() };
  }
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}
