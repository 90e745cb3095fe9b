// The page try.html: its examples become programs that you can edit, run and stop.

const LIMIT = 100_000; // characters of output

const find = (name) => document.getElementById(`try-${name}`);
const code = find("code");
const output = find("output");
const runButton = find("run");
const stopButton = find("stop");

let worker = null;
let started = 0;
let printed = 0;

function say(text) {
  find("state").textContent = text;
}

function show(text, isError) {
  const piece = document.createElement("span");
  piece.className = isError ? "try-error" : "";
  piece.textContent = text;
  output.append(piece);
  requestAnimationFrame(() => output.scrollTo(0, output.scrollHeight));
}

function setRunning(running) {
  runButton.disabled = running;
  stopButton.disabled = !running;
  output.setAttribute("aria-busy", running);
}

/** End the worker, and with it the program; the next run starts another. */
function end(text) {
  worker?.terminate();
  worker = null;
  setRunning(false);
  say(text);
}

function fail(reason) {
  end("Python could not start.");
  show(`${reason}\nThe page needs its own web server: python -m http.server, not a file.\n`, true);
}

function startWorker() {
  say("Loading Python, about 15 MB the first time…");
  const made = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  made.onerror = (event) => fail(event.message || "The worker did not load.");
  made.onmessage = ({ data }) => {
    if (data.ready) {
      say("Running…");
      started = performance.now();
    } else if (data.failed) {
      fail(data.failed);
    } else if ("well" in data) {
      setRunning(false);
      const seconds = ((performance.now() - started) / 1000).toFixed(2);
      say(`${data.well ? "Finished" : "Failed"} after ${seconds} s.`);
    } else if ((printed += data.text.length) > LIMIT) {
      end(`Stopped: more than ${LIMIT.toLocaleString("en")} characters of output.`);
    } else {
      show(data.text, data.isError);
    }
  };
  return made;
}

function run() {
  if (runButton.disabled) return;
  output.replaceChildren();
  printed = 0;
  started = performance.now();
  setRunning(true);
  say("Running…");
  try {
    worker ??= startWorker();
    worker.postMessage(code.value);
  } catch (error) {
    fail(String(error));
  }
}

/** Replace lines of the selection by what `change` makes of each. */
function changeLines(change) {
  const from = code.value.slice(0, code.selectionStart).lastIndexOf("\n") + 1;
  const to = code.selectionEnd;
  const lines = code.value.slice(from, to).split("\n").map(change).join("\n");
  code.setSelectionRange(from, to);
  insert(lines);
  code.setSelectionRange(from, from + lines.length);
}

/** Put text in the place of the selection, so that the browser can undo it. */
function insert(text) {
  document.execCommand(text ? "insertText" : "delete", false, text);
}

let tabLeaves = false; // after Esc, so that the keyboard can leave the editor

function edit(event) {
  const { key, shiftKey, ctrlKey, metaKey, altKey, isComposing } = event;
  const { value, selectionStart: from, selectionEnd: to } = code;
  const line = value.slice(0, from).split("\n").at(-1);
  const leaves = tabLeaves;
  tabLeaves = key === "Escape" || (leaves && key === "Shift");
  if (isComposing || altKey) return;
  if (key === "Enter" && (ctrlKey || metaKey)) {
    run();
  } else if (ctrlKey || metaKey || (key === "Tab" && leaves)) {
    return;
  } else if (key === "Tab" && shiftKey) {
    changeLines((line) => line.replace(/^ {1,4}/, ""));
  } else if (key === "Tab" && value.slice(from, to).includes("\n")) {
    changeLines((line) => line && `    ${line}`);
  } else if (key === "Tab") {
    insert(" ".repeat(4 - (line.length % 4)));
  } else if (key === "Enter") {
    insert(`\n${line.match(/^ */)[0]}${/:\s*(#.*)?$/.test(line) ? "    " : ""}`);
  } else {
    return;
  }
  event.preventDefault();
}

/** Make a button of each example of the page; its program stays as you left it. */
function takeExamples() {
  let current = null;
  const examples = [...document.querySelectorAll(".try-example")].map((element) => {
    const written = element.querySelector("pre").textContent;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = element.querySelector("strong").textContent.replace(/\.$/, "");
    button.addEventListener("click", () => {
      choose(example);
      history.replaceState(null, "", `#${example.id}`);
    });
    element.hidden = true;
    find("examples").append(button);
    const about = element.querySelector("p");
    const example = { id: element.id, about, button, written, text: written };
    return example;
  });

  function choose(example) {
    if (current) current.text = code.value;
    current = example;
    for (const it of examples) it.button.setAttribute("aria-pressed", it === example);
    find("about").replaceChildren(example.about);
    code.value = example.text;
    code.rows = example.written.split("\n").length + 1;
    code.scrollTo(0, 0);
  }

  find("reset").addEventListener("click", () => (code.value = current.written));
  choose(examples.find(({ id }) => `#${id}` === location.hash) ?? examples[0]);
}

takeExamples();
code.addEventListener("keydown", edit);
runButton.addEventListener("click", run);
stopButton.addEventListener("click", () => end("Stopped."));
find("area").hidden = false;
