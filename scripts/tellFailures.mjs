#!/usr/bin/env node
// `node scripts/tellFailures.mjs REPORT OUTPUT`: what failed in a run of the suite, and a last line that counts its tests. Where a log keeps
// only its end, the names must stand there.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

const LINES_OF_A_FAILURE = 15;
const LINES_OUTSIDE_TESTS = 40;

const [reportPath, outputPath] = process.argv.slice(2);
const report = readFileSync(reportPath, "utf8");
const output = stripVTControlCharacters(readFileSync(outputPath, "utf8")).split("\n");

/** What was thrown outside of every test: it fails a run, and the report knows nothing of it. */
const firstOutside = output.findIndex((line) => /^⎯+ Unhandled Errors? ⎯+$/.test(line));
const outside = firstOutside === -1 ? [] : output.slice(firstOutside, firstOutside + LINES_OUTSIDE_TESTS);

/** The output tells more of a failure than the report does: the difference, the place, and what a hook threw. */
function linesAbout(name, message) {
  const head = output.findIndex((line) => line.startsWith(` FAIL  ${name}`));
  const told = head === -1 ? stripVTControlCharacters(message).split("\n") : output.slice(head + 1);
  // Failures of one cause stand under several heads.
  const first = told.findIndex((line) => !line.startsWith(" FAIL  "));
  const lines = told.slice(Math.max(first, 0));
  const end = lines.findIndex((line) => /^⎯+(\[\d+\/\d+\]⎯*)?$/.test(line.trim()));
  return lines.slice(0, Math.min(LINES_OF_A_FAILURE, end === -1 ? lines.length : end)).map((line) => `    ${line}`);
}

const failedTestsOf = ({ assertionResults }) => assertionResults.filter(({ status }) => status === "failed");

/** A file that could not be loaded, or failed in a hook, has no failed test of its own. */
const failedAsAWhole = (file) => file.status === "failed" && failedTestsOf(file).length === 0;

function tellFile(result) {
  const file = relative(process.cwd(), result.name);
  if (failedAsAWhole(result)) return [`FAILED FILE: ${file}`, ...linesAbout(file, result.message)];
  return failedTestsOf(result).flatMap(({ ancestorTitles, title, failureMessages }) => {
    const name = [file, ...ancestorTitles, title].filter((part) => part !== "").join(" > ");
    return [`FAILED TEST: ${name}`, ...linesAbout(name, failureMessages.join("\n"))];
  });
}

function count({ numPassedTests = 0, numFailedTests = 0, numPendingTests = 0, numTodoTests = 0, testResults = [] }) {
  const failed = numFailedTests + testResults.filter(failedAsAWhole).length + (outside.length > 0 ? 1 : 0);
  const skipped = numPendingTests + numTodoTests;
  return `${numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

// A run that wrote no report counts as a failure, and only the end of what it said can tell why.
const told =
  report === ""
    ? [...output.slice(-LINES_OUTSIDE_TESTS), count({ numFailedTests: outside.length > 0 ? 0 : 1 })]
    : [...JSON.parse(report).testResults.flatMap(tellFile), ...outside, count(JSON.parse(report))];
process.stdout.write(`${told.join("\n")}\n`);
