"use strict";
// Search of the index. What it searches is loaded with the first word: it may be large.
const form = document.getElementById("search");
const query = document.getElementById("query");
const found = document.getElementById("found");
const results = document.getElementById("results");
const all = document.getElementById("all");
const hint = found.textContent;
const MOST = 100;
let loading = null;

function load() {
  loading ??= new Promise((done, fail) => {
    const script = document.createElement("script");
    script.src = "search-data.js";
    script.onload = () => done(THREADS.map((row) => [row, row.slice(1, 4).concat(row[5]).join(" ").toLowerCase()]));
    script.onerror = () => fail(new Error("search-data.js is missing"));
    document.head.append(script);
  });
  return loading;
}

function piece(tag, text, kind) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (kind) made.className = kind;
  return made;
}

function row([href, title, id, when, count]) {
  const link = document.createElement("a");
  link.href = href;
  const soft = piece("span", "", "soft");
  const many = `${count.toLocaleString("en")} message${count === 1 ? "" : "s"}`;
  soft.append(piece("span", id, "id"), piece("span", when), piece("span", many));
  link.append(piece("span", title, "title"), soft);
  const item = document.createElement("li");
  item.append(link);
  return item;
}

async function search() {
  const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    results.hidden = true;
    all.hidden = false;
    found.textContent = hint;
    return;
  }
  const asked = query.value;
  let threads;
  try {
    threads = await load();
  } catch (error) {
    found.textContent = `Search does not work here: ${error.message}.`;
    return;
  }
  if (asked !== query.value) return;
  const hits = threads.filter(([, text]) => words.every((word) => text.includes(word)));
  results.replaceChildren(...hits.slice(0, MOST).map(([thread]) => row(thread)));
  results.hidden = false;
  all.hidden = true;
  const many = `${hits.length.toLocaleString("en")} conversation${hits.length === 1 ? "" : "s"} found`;
  found.textContent = hits.length > MOST ? `${many}; the first ${MOST} are shown.` : `${many}.`;
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
query.addEventListener("input", search);
if (query.value) search();
