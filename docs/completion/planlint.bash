# Completion for bash: commands, options, formats and languages, all asked of the program itself.
_planlint() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} list
	case $before in
	--lang) list='en fr' ;;
	--color) list='auto always never' ;;
	--fail-level) list='error warning info' ;;
	-f | --format) list='text json jsonl sarif csv github gitlab junit checkstyle rdjsonl markdown html' ;;
	--select | --ignore | explain) list=$(planlint rules 2>/dev/null | sed 's/ .*//') ;;
	*)
		if [ "$COMP_CWORD" -eq 1 ]; then
			list=$(planlint help 2>/dev/null | sed -n 's/^  \([a-z-]*\) .*/\1/p')
		elif [ "${word#-}" != "$word" ]; then
			list=$(planlint help "${COMP_WORDS[1]}" 2>/dev/null | grep -o -- '--[a-z-]*')
		fi
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$list" -- "$word")
	[ ${#COMPREPLY[@]} -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- "$word")
}
complete -o filenames -F _planlint planlint
