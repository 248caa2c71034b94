package io.flotilla.cli;

/**
 * Completion of names that are in no script: topics, consumer groups and nodes, which only the
 * cluster knows, profiles, and reasons of errors, where a command wants one. A shell asks the
 * command line for them, the cluster for 300 ms at most, and keeps the answer for two seconds;
 * without a cluster nothing is offered. Stateless.
 */
final class NameCompletion {

  /** Put behind picocli's script, whose function it calls first; for bash and zsh. */
  static final String BASH =
      """

      # Names that the cluster knows, profiles, and reasons of errors.
      _flotilla_kind= _flotilla_asked=0 _flotilla_known=
      _flotilla_list() {
        case "$1" in
          node)
            flotilla cluster describe -o ndjson --timeout 300ms 2>/dev/null |
              grep -o '"node":[0-9]*' | sed 's/.*://' | sort -un ;;
          profile)
            flotilla profile list -o ndjson 2>/dev/null |
              sed -n 's/^{"name":"\\([^"]*\\)".*/\\1/p' ;;
          reason)
            flotilla explain error -o ndjson 2>/dev/null |
              sed -n 's/^{"reason":"\\([^"]*\\)".*/\\1/p' ;;
          *)
            flotilla "$1" list -o ndjson --timeout 300ms 2>/dev/null |
              sed -n 's/^{"name":"\\([^"]*\\)".*/\\1/p' ;;
        esac
      }

      _flotilla_names() {
        if [[ "$1" != "$_flotilla_kind" || $((SECONDS - _flotilla_asked)) -ge 2 ]]; then
          _flotilla_known=$(_flotilla_list "$1")
          _flotilla_kind=$1
          _flotilla_asked=$SECONDS
        fi
      }

      _flotilla_complete() {
        _complete_flotilla
        local word=${COMP_WORDS[COMP_CWORD]} kind= behind=
        case "$word" in -*) return ;; esac
        case "${COMP_CWORD}:${COMP_WORDS[1]}:${COMP_WORDS[2]}" in
          2:publish:* | 2:get:* | 2:search:* | 2:verify:* | *:subscribe:*) kind=topic ;;
          3:topic:describe | 3:topic:alter | 3:topic:trim | 3:topic:delete) kind=topic ;;
          3:topic:move-leader) kind=topic ;;
          3:explain:partition) kind=topic behind=/ ;;
          3:group:describe | 3:group:reset | 3:group:delete | 3:explain:group) kind=group ;;
          3:profile:use | 3:profile:show | 3:profile:set | 3:profile:remove) kind=profile ;;
          *:explain:error) kind=reason ;;
        esac
        case "${COMP_WORDS[COMP_CWORD - 1]}:${COMP_WORDS[2]}" in
          -g:* | --group:*) kind=group behind= ;;
          -p:* | --profile:*) kind=profile behind= ;;
          --node:* | --to:move-leader) kind=node behind= ;;
        esac
        if [[ -n "$kind" ]]; then
          _flotilla_names "$kind"
          COMPREPLY+=($(compgen -W "$_flotilla_known" -S "$behind" -- "$word"))
          if [[ -n "$behind" ]]; then
            compopt -o nospace 2>/dev/null # Its number follows.
          fi
        fi
      }

      complete -F _flotilla_complete -o default flotilla
      """;

  /** Lines for fish. */
  static final String FISH =
      """
      # Names that the cluster knows, profiles, and reasons of errors.
      set -g __flotilla_kind ''
      set -g __flotilla_asked 0
      set -g __flotilla_known
      function __flotilla_list
          switch $argv[1]
              case node
                  flotilla cluster describe -o ndjson --timeout 300ms 2>/dev/null \
      | string match -arg '"node":([0-9]+)' | sort -un
              case profile
                  flotilla profile list -o ndjson 2>/dev/null \
      | string match -rg '^\\{"name":"([^"]*)"'
              case reason
                  flotilla explain error -o ndjson 2>/dev/null \
      | string match -rg '^\\{"reason":"([^"]*)"'
              case '*'
                  flotilla $argv[1] list -o ndjson --timeout 300ms 2>/dev/null \
      | string match -rg '^\\{"name":"([^"]*)"'
          end
      end
      function __flotilla_names
          set -l now (date +%s)
          if test "$argv[1]" != "$__flotilla_kind"; or test (math $now - $__flotilla_asked) -ge 2
              set -g __flotilla_known (__flotilla_list $argv[1])
              set -g __flotilla_kind $argv[1]
              set -g __flotilla_asked $now
          end
          for name in $__flotilla_known
              echo $name"$argv[2]"
          end
      end
      for verb in publish subscribe get search verify
          complete -c flotilla -n "__fish_seen_subcommand_from $verb" \
      -f -a '(__flotilla_names topic)'
      end
      for noun in topic group
          complete -c flotilla -n "__fish_seen_subcommand_from $noun; and \
      __fish_seen_subcommand_from describe alter trim reset delete move-leader" \
      -f -a "(__flotilla_names $noun)"
      end
      complete -c flotilla -n '__fish_seen_subcommand_from explain; and \
      __fish_seen_subcommand_from partition' -f -a '(__flotilla_names topic /)'
      complete -c flotilla -n '__fish_seen_subcommand_from explain; and \
      __fish_seen_subcommand_from group' -f -a '(__flotilla_names group)'
      complete -c flotilla -n '__fish_seen_subcommand_from explain; and \
      __fish_seen_subcommand_from error' -f -a '(__flotilla_names reason)'
      complete -c flotilla -n '__fish_seen_subcommand_from profile; and \
      __fish_seen_subcommand_from use show set remove' -f -a '(__flotilla_names profile)'
      complete -c flotilla -l profile -s p -x -a '(__flotilla_names profile)'
      complete -c flotilla -l group -s g -x -a '(__flotilla_names group)'
      complete -c flotilla -l node -x -a '(__flotilla_names node)'
      complete -c flotilla -n '__fish_seen_subcommand_from move-leader' -l to -x \
      -a '(__flotilla_names node)'
      """;

  private NameCompletion() {}
}
