# cmake -DOUTPUT=embedded.c -DFILES=a.yaml;b.yaml -P embed.cmake: the table of base/embedded.h.
set(arrays "")
set(rows "")
set(number 0)
foreach(file IN LISTS FILES)
	get_filename_component(name ${file} NAME_WE)
	file(READ ${file} bytes HEX)
	string(LENGTH "${bytes}" digits)
	math(EXPR len "${digits} / 2")
	string(REGEX REPLACE "(..)" "0x\\1," bytes "${bytes}")
	string(REGEX REPLACE "(................................................................................)"
		"\\1\n" bytes "${bytes}")
	string(APPEND arrays "static const unsigned char text${number}[] = {\n${bytes}0x00};\n")
	string(APPEND rows "\t{ \"${name}\", (const char *)text${number}, ${len} },\n")
	math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Made by embed.cmake. */
#include \"base/embedded.h\"

${arrays}
const struct embedded_file embedded_files[] = {
${rows}	{ 0, 0, 0 },
};
")
