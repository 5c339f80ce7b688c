/** How engines say that something is not what the functions of ours make of it. */
const strange = ["WRONGTYPE", "not an integer", "not a float", "not a valid float", "would overflow"];

/**
 * A function in Lua that goes on where something stands that nobody of ours can have put there: of another kind, or no number where
 * it counts. That would be an error for ever, and keep all processes alone. Whatever stands under the keys of the function, or under
 * those behind the first few, is done away with then, as it may be at any moment, and it is done once more.
 *
 * @param from the first key, counted from 1, that is done away with.
 */
export function mending(lua: string, from = 1): string {
  const isStrange = strange.map((words) => `string.find(said, '${words}', 1, true)`).join(" or ");
  return `
local function ours()${lua}
end
local isDone, reply = pcall(ours)
if isDone then return reply end
local said = tostring(type(reply) == 'table' and reply.err or reply)
if not (${isStrange}) then error(reply, 0) end
for i = ${from}, #KEYS do redis.call('DEL', KEYS[i]) end
return ours()`;
}
