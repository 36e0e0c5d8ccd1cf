/* What style alone cannot do: a value and its box light up together, and keys go to what is to be looked at. Without it the
 * links between them work all the same. */
#include "core/present/html.h"

const char dx_html_script[] =
    "(function(){'use strict';\n"
    "var lit=[],todo=-1;\n"
    "function all(path){return Array.prototype.filter.call(document.querySelectorAll('.v[data-f],.box[data-f]'),"
    "function(e){return e.dataset.f===path})}\n"
    "function light(path,from){lit.forEach(function(e){e.classList.remove('on')});lit=path?all(path):[];"
    "lit.forEach(function(e){e.classList.add('on');"
    "if(e!==from)e.scrollIntoView({block:'nearest',inline:'nearest'})})}\n"
    "function over(event){var e=event.target.closest&&event.target.closest('[data-f]');if(e)light(e.dataset.f,e)}\n"
    "document.addEventListener('mouseover',over);document.addEventListener('focusin',over);\n"
    "document.addEventListener('click',function(event){var e=event.target.closest('a[data-f]');if(!e)return;"
    "event.preventDefault();light(e.dataset.f,e);lit.forEach(function(t){if(t!==e)t.scrollIntoView({block:'center'})})}"
    ");\n"
    "document.addEventListener('keydown',function(event){"
    "if(event.ctrlKey||event.altKey||event.metaKey)return;"
    "if(event.key==='Escape')light('');if(event.key!=='n'&&event.key!=='p')return;"
    "var list=document.querySelectorAll('dd:not(.whole) .v.fails,dd:not(.whole) .v.doubt,td .v.fails,td "
    ".v.doubt');if(!list.length)return;"
    "todo=(todo+(event.key==='n'?1:list.length-1)+(todo<0&&event.key==='p'?1:0))%list.length;"
    "var e=list[todo];light(e.dataset.f,null);if(e.href)e.focus();"
    "lit.forEach(function(t){t.scrollIntoView({block:'center'})})});\n"
    "})();\n";
