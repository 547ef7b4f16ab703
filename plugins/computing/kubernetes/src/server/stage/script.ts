/**
 * Runs in the pod that copies a task's files, and does what its standard input says, one line each: an operation, a number, a path. A path is
 * written so that the shell's own `printf` reads it; it begins with `.`. What it answers begins with `ok` or `no`, and ends there unless said otherwise.
 *
 * Whatever a task has put into its folder, links among it: nothing but this pod's own image is there to be found.
 */
export const stageScript = `
umask 0
LC_ALL=C
export LC_ALL
cd "$1" || exit 1
line='
'
no() { printf 'no %s\\n' "$(printf '%s' "$1" | tr '\\n' ' ')"; }
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
content() {
  dd bs=65536 count="$(($1 / 65536))" iflag=fullblock 2>/dev/null &&
    { [ "$(($1 % 65536))" = 0 ] || dd bs="$(($1 % 65536))" count=1 iflag=fullblock 2>/dev/null; }
}
drafts=0
while read -r operation number path; do
  path=$(printf '%b.' "$path")
  path=\${path%.}
  case $operation in
    stat)
      if is_there "$path" && said=$(stat -c '%f %s %Y' -- "$path" 2>&1); then printf 'ok %s\\n' "$said"
      elif is_there "$path"; then no "$said"
      else no 'No such file'
      fi ;;
    list)
      if [ -d "$path" ] && [ -r "$path" ] && [ -x "$path" ]; then
        find "$path" -mindepth 1 -maxdepth 1 ! -name "*$line*" -exec stat -c '%f %s %Y %n' -- {} + 2>/dev/null
        find "$path" -mindepth 1 -maxdepth 1 -name "*$line*" -exec echo '0 0 0 ./?' \\; 2>/dev/null
        echo ok
      elif [ -d "$path" ]; then no 'Permission denied'
      else no 'Not a folder'
      fi ;;
    read)
      if [ ! -f "$path" ]; then no 'No such file'
      elif [ ! -r "$path" ]; then no 'Permission denied'
      else
        echo ok
        { head -c "$number" -- "$path" 2>/dev/null; head -c "$number" /dev/zero; } | head -c "$number"
        if [ "$(stat -L -c '%s' -- "$path" 2>/dev/null || echo 0)" -ge "$number" ]; then echo ok
        else no 'became shorter'
        fi
      fi ;;
    write)
      drafts=$((drafts + 1))
      draft=\${path%/*}/.stele-$$-$drafts.part
      if said=$( { content "$number" >"$draft"; } 2>&1) && [ "$(stat -c %s -- "$draft")" = "$number" ] &&
        said=$(sync "$draft" 2>&1 || sync 2>&1) && { [ ! -L "$path" ] || rm -f -- "$path"; } &&
        { [ ! -d "$path" ] || { said='File exists' && false; }; } && said=$(mv -f -- "$draft" "$path" 2>&1); then
        echo ok
      else
        full=$(df -Pk . | tail -n 1 | { read -r _ _ _ free _; [ "$free" -gt 64 ] || echo 'No space left'; })
        rm -f -- "$draft"
        no "$said $full"
        # What is still to come of it is nothing that was asked.
        cat >/dev/null
        exit 1
      fi ;;
    folder)
      if is_there "$path"; then no 'File exists'
      elif said=$(mkdir -- "$path" 2>&1); then echo ok
      else no "$said"
      fi ;;
    remove)
      if ! is_there "$path"; then no 'No such file'
      elif said=$(rm -rf -- "$path" 2>&1); then echo ok
      else no "$said"
      fi ;;
    room)
      printf 'ok %s\\n' "$(df -Pk . | tail -n 1)" ;;
    *) no 'What is that?' ;;
  esac
done
`;
