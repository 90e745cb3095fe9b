// Python with laplas in it: the page's worker starts it, and the tests under node.

import { loadPyodide } from "./pyodide/pyodide.mjs";

const RUN = `
import ast, inspect, linecache, sys, types
import laplas.local  # once, before the first program, as that takes a second

async def run(source):
    "Run a program as its own __main__; return whether it ended well. 'await' works at its top."
    linecache.cache["program.py"] = len(source), None, source.splitlines(True), "program.py"
    main = sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        code = compile(source, "program.py", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        awaited = eval(code, vars(main))
        if inspect.iscoroutine(awaited):
            await awaited
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        return not end.code
    except BaseException as error:
        # Without the frame of this function.
        sys.excepthook(type(error), error, error.__traceback__.tb_next)
        return False
    return True
`;

/**
 * Start Python and unpack what it can import.
 *
 * @param {Uint8Array} packages A zip file of Python packages.
 * @param {(text: string, isError: boolean) => void} write Gets what a program prints, at once.
 * @returns {Promise<(source: string) => Promise<boolean>>} Runs a program.
 */
export async function startPython(packages, write) {
  const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONUNBUFFERED: "1" } });
  const writer = (isError) => {
    const decoder = new TextDecoder();
    return {
      write(bytes) {
        write(decoder.decode(bytes, { stream: true }), isError);
        return bytes.length;
      },
    };
  };
  python.setStdout(writer(false));
  python.setStderr(writer(true));
  python.setStdin({ stdin: () => null }); // input() finds the end of the file
  const folder = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(packages, "zip", { extractDir: folder });
  python.runPython(RUN);
  return (source) => {
    python.globals.set("source", source);
    return python.runPythonAsync("await run(source)");
  };
}
