// Runs the programs of the page try.html, so that the page itself never waits. It posts `ready`,
// what a program prints, whether it ended `well`, or why it `failed` to run any.

async function start() {
  const answer = await fetch(new URL("packages.zip", import.meta.url));
  if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
  const packages = new Uint8Array(await answer.arrayBuffer());
  const { startPython } = await import("./python.mjs");
  return startPython(packages, (text, isError) => postMessage({ text, isError }));
}

const started = start();
started.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data }) => {
  try {
    const run = await started;
    postMessage({ well: await run(data) });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
};
