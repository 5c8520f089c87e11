// cel_js.mjs FOLDER FILE: what expr_bench prints, of @marcbachmann/cel-js, which npm has installed in
// FOLDER. Whole numbers are given as BigInt, which is its int.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const ROUNDS = 100
const [folder, file] = process.argv.slice(2)
const require = createRequire(join(resolve(folder), 'index.js'))
const { parse } = await import(pathToFileURL(require.resolve('@marcbachmann/cel-js')))

const isWhole = (value) => typeof value === 'number' && Number.isInteger(value)
const toInt = (key, value) => (isWhole(value) ? BigInt(value) : value)

function best(repeat, evaluate) {
  let least = Infinity
  for (let round = 0; round < ROUNDS; round++) {
    const start = process.hrtime.bigint()
    for (let i = 0; i < repeat; i++) if (evaluate() !== true) throw new Error('not true')
    least = Math.min(least, Number(process.hrtime.bigint() - start) / 1000 / repeat)
  }
  return least
}

for (const { name, text, names, repeat } of JSON.parse(readFileSync(file), toInt)) {
  const expression = parse(text)
  const evaluated = best(Number(repeat), () => expression(names))
  const compiled = best(Number(repeat), () => parse(text)(names))
  console.log(name, evaluated.toFixed(3), compiled.toFixed(3))
}
