// What cel.c does, with @marcbachmann/cel-js: node cel.mjs EXPRESSIONS DOCUMENTS.json ROUNDS
import {readFileSync} from 'node:fs'
import {Environment} from '@marcbachmann/cel-js'

const [expressions, path, rounds] = process.argv.slice(2)
const documents = JSON.parse(readFileSync(path, 'utf8')).map((document) => ({document}))
const env = new Environment({enableOptionalTypes: true, homogeneousAggregateLiterals: false})
	.registerVariable('document', 'dyn')
const programs = readFileSync(expressions, 'utf8').split('\n').filter(Boolean).map((line) => env.parse(line))

let truths
const once = () => {
	truths = programs.map(() => 0)
	for (const context of documents)
		for (let i = 0; i < programs.length; i++) truths[i] += programs[i](context) === true
}

for (const end = Date.now() + 1000; Date.now() < end;) once() // let its compiler warm up
let best = Infinity
for (let batch = 0; batch < 9; batch++) {
	const start = process.cpuUsage()
	for (let i = 0; i < Number(rounds); i++) once()
	const {user, system} = process.cpuUsage(start)
	best = Math.min(best, user + system)
}
console.log(truths.join('\n'))
console.log(((best * 1000) / (Number(rounds) * documents.length * programs.length)).toFixed(1))
